import { expect, test } from "vitest";
import { booked, effect, estimate, latency } from "@/features/experiments/model/fixture";
import { prepareEffects } from "@/features/experiments/model/plot";

const words = (code: string | null) => `because ${code}`;
const nb = (text: string) => text.replaceAll("_", "\u00a0");

test("metrics of one unit share an axis, others get their own", () => {
  const other = { ...booked, id: "m3", name: "Confirmed" };
  const effects = [
    effect(booked, estimate(0.012, 0.05, "better")),
    effect(latency, estimate(80, 160, "worse"), { meanControl: 500, meanVariant: 620 }),
    effect(other, estimate(-0.01, 0.01, "undecided")),
  ];
  const groups = prepareEffects(effects, "units", words);
  expect(groups.map((group) => [group.axis, group.metrics.map((view) => view.metric.name)])).toEqual([
    ["percentage points", ["Booked calls", "Confirmed"]],
    ["milliseconds", ["Reply time"]],
  ]);
});

test("a row prints the difference, its bounds, both means and both n", () => {
  const [group] = prepareEffects([effect(booked, estimate(0.012, 0.05, "better"))], "units", words);
  expect(group?.metrics[0]?.rows[0]).toMatchObject({
    difference: nb("+3.1_points"),
    bounds: nb("1.2_to_5.0"),
    means: nb("44.0_% vs 41.0_%"),
    n: "n = 2,110 vs 2,100 customers",
    interval: { tone: "good", settling: false },
  });
});

test("in percent of the control all metrics stand on one axis, and one without a lift says why", () => {
  const lifted = { ...estimate(0.012, 0.05, "better"), lift: { value: 0.08, low: 0.03, high: 0.13 } };
  const effects = [effect(booked, lifted), effect(latency, estimate(80, 160, "worse"))];
  const groups = prepareEffects(effects, "relative", words);
  expect(groups).toHaveLength(1);
  const [first, second] = groups[0]?.metrics ?? [];
  expect(first?.rows[0]?.difference).toBe(nb("+8_%"));
  expect(second?.rows[0]).toMatchObject({ interval: null });
  expect(second?.rows[0]?.absence).toContain("No percentage");
});

test("an effect without an estimate has nothing drawn, and its reason in words", () => {
  const [group] = prepareEffects([effect(booked, null)], "units", words);
  expect(group?.metrics[0]?.rows[0]).toMatchObject({ interval: null, absence: "because too_few_subjects" });
});

test("ticks of one axis have the decimals that their step needs, and a currency after the sign", () => {
  const cost = { ...booked, kind: "mean", unit: "USD" };
  const money = effect(cost, estimate(-0.1, 0.2, "undecided"), { meanControl: 0.4, meanVariant: 0.5 });
  const tick = prepareEffects([money], "units", words)[0]?.tick ?? String;
  expect([-0.5, 0, 0.5, 1].map((value) => tick(value, 0.5))).toEqual([
    "\u2212$0.5",
    "$0.0",
    "+$0.5",
    "+$1.0",
  ]);
  expect([0, 20].map((value) => tick(value, 20))).toEqual(["$0", "+$20"]);
});
