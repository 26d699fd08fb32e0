import { expect, test } from "vitest";
import { countedOf, type Exclusion, strayRows } from "@/features/experiments/model/exclusions";

const row = (reason: string, outcomes: number | null, over: Partial<Exclusion> = {}): Exclusion => ({
  metricId: "m1",
  position: 1,
  reason,
  outcomes,
  isPart: true,
  ...over,
});

test("the parts of a metric add up, and the largest reason comes first", () => {
  const rows = [
    row("used", 90),
    row("bot", 2),
    row("after_window", 8),
    row("not_exposed", null),
    row("clock_ahead", 3, { isPart: false }),
    row("used", 1_000, { metricId: "m2" }),
  ];
  expect(countedOf(rows, "m1")).toEqual({
    metricId: "m1",
    used: 90,
    total: 100,
    leftOut: ["8 from after the outcome window", "2 of bots"],
    oddities: ["3 with a clock more than five minutes ahead of ours"],
  });
});

test("a reason that is new to the dashboard is shown by its own name", () => {
  expect(countedOf([row("moonlight", 4)], "m1").leftOut).toEqual(["4 moonlight"]);
});

test("exposures and calls that did not land are told once, for the experiment", () => {
  const of = { metricId: null, isPart: false };
  expect(
    strayRows([row("refused_exposure", 1, of), row("duplicate_call", 1_200, of), row("refused_call", 0, of)]),
  ).toEqual(["1 exposure refused", "1,200 calls sent more than once"]);
});
