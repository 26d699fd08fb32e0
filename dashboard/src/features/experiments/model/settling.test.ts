import { expect, test } from "vitest";
import { booked, effect, latency } from "@/features/experiments/model/fixture";
import { isSettled, nextReading } from "@/features/experiments/model/settling";

const at = new Date("2026-11-22T09:00:00Z").getTime();
const closing = (metric: typeof booked, seconds: number, counted = -5) =>
  effect({ ...metric, settlesAt: new Date(at + seconds * 1_000) }, null, {
    asOf: new Date(at + counted * 1_000),
  });

test.each([
  ["a minute at most while windows are open for days", 86_400, 60_000],
  ["soon after the last one closes", 10, 13_000],
  ["at once, nearly, when it just has", -2, 2_000],
  ["not again when it was counted after that", -6, false],
])("an answer is read %s", (_, seconds, wait) => {
  expect(nextReading([closing(latency, -9_999), closing(booked, seconds)], at)).toBe(wait);
});

test("what nobody counts is asked for ever more seldom", () => {
  expect(nextReading([closing(booked, -33, -40)], at)).toBe(30_000);
  expect(nextReading([closing(booked, -999, -1_000)], at)).toBe(60_000);
});

test("an effect is settled once it was counted after the last window closed, whatever the clock says", () => {
  expect(isSettled(closing(booked, -10, -11))).toBe(false);
  expect(isSettled(closing(booked, -10, -10))).toBe(true);
  expect(isSettled(effect(booked, null, { asOf: null }))).toBe(false);
  expect(isSettled(effect({ ...booked, settlesAt: null }, null))).toBe(true);
});

test("without customers there is nothing to wait for", () => {
  expect(nextReading([], at)).toBe(false);
});
