import { expect, test } from "vitest";
import { type IntervalInput, prepareIntervals } from "@/components/charts/IntervalPlot/prepare";

const row = (low: number, high: number, key = "a"): IntervalInput => ({
  key,
  low,
  high,
  point: (low + high) / 2,
  tone: "undecided",
  settling: false,
});
const zeroAt = ([min, max]: readonly [number, number]) => -min / (max - min);

test("zero and every interval are inside the drawn range", () => {
  const [group] = prepareIntervals([{ key: "points", rows: [row(1.2, 5), row(-0.8, 1.1, "b")] }]);
  expect(group?.domain[0]).toBeLessThan(-0.8);
  expect(group?.domain[1]).toBeGreaterThan(5);
  expect(group?.rows.some((r) => r.cutLow || r.cutHigh)).toBe(false);
});

test("zero is marked inside the plot even when all effects are far on one side", () => {
  const [group] = prepareIntervals([{ key: "points", rows: [row(40, 60)] }]);
  expect(zeroAt(group?.domain ?? [0, 0])).toBeCloseTo(0.15);
});

test("groups of different units share the place of zero", () => {
  const [points, ms] = prepareIntervals([
    { key: "points", rows: [row(-2, 10)] },
    { key: "ms", rows: [row(-400, 100)] },
  ]);
  expect(zeroAt(points?.domain ?? [0, 0])).toBeCloseTo(zeroAt(ms?.domain ?? [1, 1]));
  expect(ms?.domain[0]).toBeLessThan(-400);
  expect(points?.domain[1]).toBeGreaterThan(10);
});

test("one huge interval is cut, and says so, instead of flattening the others", () => {
  const rows = [row(-1, 2, "a"), row(-2, 1, "b"), row(-500, 800, "c")];
  const [group] = prepareIntervals([{ key: "points", rows }]);
  const wide = group?.rows.find((r) => r.key === "c");
  expect(wide).toMatchObject({ cutLow: true, cutHigh: true, low: -500, high: 800 });
  expect(group?.domain[1]).toBeLessThan(50);
});

test("no rows draw an empty axis, not an error", () => {
  expect(prepareIntervals([{ key: "none", rows: [] }])[0]?.domain).toEqual([-0.5, 0.5]);
});
