import { expect, test } from "vitest";
import { type Deployment, wayBack } from "@/features/deployments/model/wayBack";

const move = (
  number: number,
  versionId: string | null,
  restoresNumber: number | null = null,
  over: Partial<Deployment> = {},
): Deployment => ({ actionId: null, intentId: null, number, versionId, restoresNumber, ...over });

test("a rollback returns to what the live version replaced", () => {
  expect(wayBack(move(2, "v2"), [move(1, "v1"), move(2, "v2")])).toBe("v1");
});

test("a second rollback goes one step further back, not forward again", () => {
  const history = [move(1, "v1"), move(2, "v2"), move(3, "v3"), move(4, "v2", 2)];
  expect(wayBack(move(4, "v2", 2), history)).toBe("v1");
});

test("a version that was published twice is no circle", () => {
  const history = [move(1, "v1"), move(2, "v2"), move(3, "v1"), move(4, "v2", 2), move(5, "v1", 1)];
  expect(wayBack(move(4, "v2", 2), history)).toBe("v1");
  expect(wayBack(move(5, "v1", 1), history)).toBeNull();
});

test("the first version has no way back, and another scope's moves do not count", () => {
  expect(wayBack(move(1, "v1"), [move(1, "v1")])).toBeNull();
  expect(wayBack(move(2, "v1"), [move(1, "v0", null, { intentId: "i1" })])).toBeNull();
});
