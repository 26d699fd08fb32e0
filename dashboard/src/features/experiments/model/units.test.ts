import { expect, test } from "vitest";
import { estimate } from "@/features/experiments/model/fixture";
import { differenceText, intervalText, scaleFor, valueText } from "@/features/experiments/model/units";

const nb = (text: string) => text.replaceAll("_", "\u00a0");

test.each([
  ["proportion", "", 0.4, 0.012, 0.05, "+3.1_points", "(1.2 to 5.0)"],
  ["duration", "ms", 400, -160, -80, "\u2212120_ms", "(\u2212160 to \u221280)"],
  ["duration", "ms", 4_000, 100, 1_900, "+1.0_s", "(0.1 to 1.9)"],
  ["duration", "seconds", 900, 60, 180, "+2.0_min", "(1.0 to 3.0)"],
  ["mean", "USD", 0.4, -0.03, -0.01, "\u2212$0.020", "(\u2212$0.030 to \u2212$0.010)"],
  ["count", "turns", 4, 0.2, 0.8, "+0.50_turns", "(0.20 to 0.80)"],
])("%s in %j at %d reads in units", (kind, unit, magnitude, low, high, difference, interval) => {
  const scale = scaleFor({ kind, unit }, magnitude);
  const value = estimate(low, high, "undecided");
  expect(differenceText(value, scale)).toBe(nb(difference));
  expect(intervalText(value, scale)).toBe(interval.replaceAll(" ", "\u00a0"));
});

test("means carry their unit, and an absent mean is not a zero", () => {
  expect(valueText(0.412, scaleFor({ kind: "proportion", unit: "" }, 0.4))).toBe(nb("41.2_%"));
  expect(valueText(342.4, scaleFor({ kind: "duration", unit: "ms" }, 342))).toBe(nb("342_ms"));
  expect(valueText(null, scaleFor({ kind: "mean", unit: "USD" }, 1))).toBe("no value");
});
