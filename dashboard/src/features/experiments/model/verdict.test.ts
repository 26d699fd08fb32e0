import { expect, test } from "vitest";
import {
  answer,
  arm,
  booked,
  control,
  effect,
  estimate,
  experiment,
  health,
  latency,
} from "@/features/experiments/model/fixture";
import { srmWarning } from "@/features/experiments/model/srm";
import { type Verdict, verdictOf } from "@/features/experiments/model/verdict";

/** Without the typographer's spaces, which keep a number and its unit on one line. */
const read = (text: string | undefined) => (text ?? "").replaceAll("\u00a0", " ");
const sentence = (verdict: Verdict) => read(verdict.headline.map((word) => word.text).join(""));

test("a better arm is named with its effect, interval and grade, and may be shipped", () => {
  const verdict = verdictOf(answer([effect(booked, estimate(0.012, 0.05, "better"))]));
  expect(sentence(verdict)).toBe("Shorter greeting raises Booked calls: +3.1 points (1.2 to 5.0).");
  expect(verdict).toMatchObject({ tone: "good", grade: "A", advice: "Ship it.", variantKey: "short" });
});

test("a decided sentence has the numbers that were judged, not those of outcomes that are still coming", () => {
  const settled = { difference: 0.04, low: 0.02, high: 0.06, nControl: 900, nVariant: 900 };
  const diluted = { ...estimate(-0.01, 0.03, "better"), settled };
  expect(sentence(verdictOf(answer([effect(booked, diluted)])))).toBe(
    "Shorter greeting raises Booked calls: +4.0 points (2.0 to 6.0).",
  );
});

test("a better arm that harms a guardrail says so before anybody ships it", () => {
  const effects = [
    effect(booked, estimate(0.012, 0.05, "better")),
    effect(latency, estimate(80, 160, "worse"), { meanControl: 500, meanVariant: 620 }),
  ];
  const { advice, tone } = verdictOf(answer(effects));
  expect(read(advice)).toBe("Look before you ship: Reply time moved +120 ms (80 to 160), the wrong way.");
  expect(tone).toBe("good");
});

test("colour follows the business: a fall in a metric that should fall is good", () => {
  const primaryLatency = { ...latency, role: "primary" as const };
  const faster = effect(primaryLatency, estimate(-160, -80, "better"), {
    meanControl: 500,
    meanVariant: 380,
  });
  const verdict = verdictOf(answer([faster]));
  expect(verdict.tone).toBe("good");
  expect(sentence(verdict)).toContain("lowers Reply time: \u2212120 ms (\u2212160 to \u221280)");
});

test("of two better arms the one that gains more leads, in the metric's direction", () => {
  const primaryLatency = { ...latency, role: "primary" as const };
  const small = effect(primaryLatency, estimate(-60, -20, "better"), { variantName: "Small" });
  const large = effect(primaryLatency, estimate(-300, -200, "better"), {
    variantName: "Large",
    variantId: "v2",
  });
  expect(sentence(verdictOf(answer([small, large])))).toContain("Large lowers");
});

test("the worse arm is named for rollback when no arm is better", () => {
  const verdict = verdictOf(answer([effect(booked, estimate(-0.05, -0.01, "worse"))]));
  expect(sentence(verdict)).toContain("Shorter greeting lowers Booked calls: \u22123.0");
  expect(verdict).toMatchObject({ tone: "bad", advice: "Roll it back.", variantKey: "short" });
});

test("a losing arm beside a winner is named in the advice until it is rolled back", () => {
  const lost = effect(booked, estimate(-0.05, -0.01, "worse"), { variantId: "v2", variantName: "Long" });
  const effects = [effect(booked, estimate(0.012, 0.05, "better")), lost];
  const arms = [control, arm(), arm({ id: "v2", name: "Long" })];
  expect(verdictOf(answer(effects, { arms })).advice).toContain("Roll back Long");
  const after = [control, arm(), arm({ id: "v2", name: "Long", rolledBackAt: new Date() })];
  expect(verdictOf(answer(effects, { arms: after })).advice).toBe("Ship it.");
});

test("undecided is a result: both bounds and what would decide it at today's traffic", () => {
  const verdict = verdictOf(answer([effect(booked, estimate(-0.008, 0.011, "undecided"))]));
  expect(sentence(verdict)).toBe(
    "Undecided: the difference in Booked calls is between \u22120.8 and +1.1 points.",
  );
  expect(verdict.tone).toBe("undecided");
  expect(read(verdict.advice)).toMatch(
    /^At today's traffic a 0\.6-point difference needs about 16 more days\.$/,
  );
});

test("when it started today the need is said in customers, not in days", () => {
  const today = { ...health, firstAssignedAt: new Date("2026-11-20T23:00:00Z") };
  const verdict = verdictOf(answer([effect(booked, estimate(-0.1, 0.1, "undecided"))], { health: today }));
  expect(read(verdict.advice)).toBe("A 6-point difference needs about 7,500 more customers.");
});

test("an absent estimate is not enough data, with its reason", () => {
  const verdict = verdictOf(answer([effect(booked, null, { reason: "no_subjects" })]));
  expect(sentence(verdict)).toBe(
    "Not enough data yet: 4,210 customers assigned, and the difference can't be computed.",
  );
  expect(read(verdict.advice)).toBe("No customer with an outcome yet.");
  expect(verdict.grade).toBeNull();
});

test("before the first customer it waits, and says for what", () => {
  const verdict = verdictOf(answer([effect(booked, null)], { health: { ...health, subjects: 0 } }));
  expect(sentence(verdict)).toBe("Waiting for the first customer.");
});

test("after all arms are rolled back the effect until then is still told", () => {
  const arms = [control, arm({ rolledBackAt: new Date() })];
  const verdict = verdictOf(answer([effect(booked, estimate(-0.05, -0.01, "worse"))], { arms }));
  expect(sentence(verdict)).toBe("Rolled back Shorter greeting: every customer gets the control.");
  expect(read(verdict.advice)).toContain("had moved Booked calls by \u22123.0");
});

test("a draft and an experiment without a primary metric claim nothing", () => {
  const draft = verdictOf(answer([], { experiment: { ...experiment, state: "draft" } }));
  expect(sentence(draft)).toBe("Not started: Greeting length is a draft.");
  const aimless = verdictOf(answer([effect(latency, estimate(80, 160, "worse"))]));
  expect(sentence(aimless)).toContain("no primary metric");
});

test("a sample-ratio mismatch is said with the share, the plan and two causes", () => {
  const arms = [arm({ share: 0.46 }), { ...control, share: 0.54 }];
  const warning = srmWarning({ ...health, srmStatus: "mismatch", srmPValue: 0.0002 }, arms);
  expect(read(warning?.sentence)).toBe(
    "Don't read this yet: 54 % of customers got the control where 50 % were planned (p < 0.001). Two likely causes are below.",
  );
  expect(warning?.causes).toHaveLength(2);
  expect(srmWarning(health, arms)).toBeNull();
});

test("numbers that the database does not judge get no verdict, and the reason", () => {
  const doubted = effect(
    booked,
    { ...estimate(0.012, 0.05, "better"), verdict: null },
    { reason: "sample_ratio_mismatch" },
  );
  const verdict = verdictOf(answer([doubted]));
  expect(sentence(verdict)).toBe("No verdict: these numbers may not be believed.");
  expect(verdict.advice).toContain("split between the arms is not as planned");
});
