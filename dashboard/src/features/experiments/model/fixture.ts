/** Builders for tests: an experiment with two arms against the control, as the views would show it. */
import type {
  Answer,
  Arm,
  Effect,
  Estimate,
  Experiment,
  Health,
  Metric,
} from "@/features/experiments/model/types";

export const booked: Metric = {
  id: "m1",
  key: "booked",
  name: "Booked calls",
  kind: "proportion",
  unit: "",
  direction: "increase",
  role: "primary",
  settlesAt: new Date("2026-11-22T09:00:00Z"),
};

export const latency: Metric = {
  ...booked,
  id: "m2",
  key: "latency",
  name: "Reply time",
  kind: "duration",
  unit: "ms",
  direction: "decrease",
  role: "guardrail",
};

export function estimate(low: number, high: number, verdict: Estimate["verdict"]): Estimate {
  return {
    difference: (low + high) / 2,
    low,
    high,
    confidence: 0.95,
    pValue: null,
    lift: null,
    verdict,
    soFar: false,
    settled: null,
  };
}

export function effect(metric: Metric, value: Estimate | null, over: Partial<Effect> = {}): Effect {
  return {
    metric,
    variantId: "v1",
    variantKey: "short",
    variantName: "Shorter greeting",
    nControl: 2_100,
    nVariant: 2_110,
    meanControl: 0.41,
    meanVariant: 0.44,
    estimate: value,
    reason: value ? null : "too_few_subjects",
    grade: "A",
    method: "welch",
    asOf: new Date("2026-11-22T09:00:01Z"),
    ...over,
  };
}

export function arm(over: Partial<Arm> = {}): Arm {
  return {
    id: "v1",
    key: "short",
    name: "Shorter greeting",
    isControl: false,
    weight: 50,
    expectedShare: 0.5,
    subjects: 2_110,
    share: 0.5,
    rolledBackAt: null,
    ...over,
  };
}

export const control = arm({ id: "v0", key: "control", name: "Control", isControl: true, subjects: 2_100 });

export const health: Health = {
  subjects: 4_210,
  srmStatus: "ok",
  srmPValue: 0.6,
  firstAssignedAt: new Date("2026-11-11T00:00:00Z"),
  lastAssignedAt: new Date("2026-11-21T00:00:00Z"),
};

export const experiment: Experiment = {
  id: "e1",
  key: "greeting",
  name: "Greeting length",
  hypothesis: "A shorter greeting loses fewer callers.",
  state: "active",
  revision: 3,
  unit: "user",
  traffic: 1,
  startedAt: new Date("2026-11-11T00:00:00Z"),
  endedAt: null,
  environment: { id: "n1", key: "production", name: "Production", isProduction: true },
  capability: { id: "c1", key: "BookAppointment", name: "Book appointment" },
};

export function answer(effects: Effect[], over: Partial<Answer> = {}): Answer {
  return { experiment, effects, arms: [control, arm()], health, ...over };
}
