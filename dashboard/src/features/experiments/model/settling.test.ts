import { expect, test } from "vitest";
import { booked, effect, latency } from "@/features/experiments/model/fixture";
import { nextReading } from "@/features/experiments/model/settling";

const at = new Date("2026-11-22T09:00:00Z").getTime();
const closing = (metric: typeof booked, seconds: number) =>
  effect({ ...metric, settlesAt: new Date(at + seconds * 1_000) }, null);

test.each([
  ["a minute at most while windows are open for days", 86_400, 60_000],
  ["soon after the last one closes", 10, 13_000],
  ["at once, nearly, when it just has", -2, 2_000],
  ["not again when it was read after that", -4, false],
])("an answer is read %s", (_, seconds, wait) => {
  expect(nextReading([closing(latency, -9_999), closing(booked, seconds)], at)).toBe(wait);
});

test("without customers there is nothing to wait for", () => {
  expect(nextReading([], at)).toBe(false);
});
