import { expect, test } from "vitest";
import { draftErrors, emptyDraft, outcomeValue } from "@/features/outcomes/model/draft";

const booked = { key: "booked", name: "Booked", kind: "proportion", unit: "" };
const latency = { key: "latency", name: "Reply time", kind: "duration", unit: "ms" };

test("a yes-or-no metric needs only the customer", () => {
  const draft = { ...emptyDraft("booked"), unitId: "customer-7", happened: "no" as const };
  expect(draftErrors(draft, booked)).toEqual({});
  expect(outcomeValue(draft, booked)).toBe(false);
});

test("a measured metric needs a number, and an empty field is not a zero", () => {
  const draft = { ...emptyDraft("latency"), unitId: "customer-7" };
  expect(draftErrors(draft, latency)).toEqual({ number: "Enter a number." });
  expect(draftErrors({ ...draft, number: 0 }, latency)).toEqual({});
  expect(outcomeValue({ ...draft, number: 412 }, latency)).toBe(412);
});

test("an empty form says what is missing, field by field", () => {
  expect(Object.keys(draftErrors(emptyDraft(null), undefined))).toEqual(["metric", "unitId"]);
});
