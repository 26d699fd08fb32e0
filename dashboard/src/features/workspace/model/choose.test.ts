import { expect, test } from "vitest";
import { chooseEnvironment } from "@/features/workspace/model/choose";

const staging = { id: "1", key: "staging", name: "Staging", isProduction: false };
const production = { id: "2", key: "production", name: "Production", isProduction: true };

test("the URL decides, then production, then whatever there is", () => {
  expect(chooseEnvironment([staging, production], "staging")).toBe(staging);
  expect(chooseEnvironment([staging, production], "gone")).toBe(production);
  expect(chooseEnvironment([staging], null)).toBe(staging);
  expect(chooseEnvironment([], null)).toBeNull();
});
