import { expect, test } from "vitest";
import { type EffectRow, toArm, toEffect, toExperiment, toHealth } from "@/features/experiments/model/rows";

/** As the view answered it once. */
const recorded: EffectRow = {
  workspace_id: "w1",
  experiment_id: "e1",
  experiment_key: "greeting-length",
  environment_id: "n1",
  environment_key: "production",
  capability_id: "c1",
  capability_key: "BookAppointment",
  action_keys: [],
  intent_keys: [],
  models: ["smol"],
  metric_id: "m1",
  metric_key: "booked",
  metric_name: "Booked calls",
  metric_kind: "proportion",
  metric_unit: "",
  metric_direction: "increase",
  metric_role: "primary",
  variant_id: "v1",
  variant_key: "short",
  variant_name: "Shorter greeting",
  control_variant_id: "v0",
  n_control: 30,
  n_variant: 24,
  mean_control: 0.3,
  mean_variant: 0.83,
  difference: 0.53,
  std_error: 0.115,
  degrees_of_freedom: 51.7,
  ci_low: 0.4,
  ci_high: 0.66,
  p_value: 0.00003,
  log10_p: -4.5,
  sequential_low: 0.3,
  sequential_high: 0.76,
  sequential_p_value: 0.002,
  lift: 1.77,
  lift_low: 0.6,
  lift_high: 3.8,
  chance_to_win: 0.999,
  risk_ship: 0.0001,
  risk_keep: 0.53,
  unadjusted_difference: 0.53,
  unadjusted_std_error: 0.115,
  unadjusted_ci_low: 0.4,
  unadjusted_ci_high: 0.66,
  unadjusted_p_value: 0.00003,
  variance_reduction: null,
  confidence_level: 0.95,
  adjusted_p_value: 0.002,
  correction: "holm",
  mature_difference: 0.03,
  mature_high: 0.05,
  mature_low: 0.01,
  mature_n_control: 300,
  mature_n_variant: 300,
  mature_p_value: 0.001,
  mature_share: 1,
  mature_std_error: 0.01,
  settles_at: "2026-11-28T09:00:00+00:00",
  waiting_for: null,
  method_version: "1",
  verdict: "better",
  method: "welch_t",
  grade: "A",
  reason_code: null,
  as_of: "2026-11-21T19:46:00+00:00",
};

test("a row becomes an effect with its estimate, what was judged, and when it settles", () => {
  const effect = toEffect(recorded);
  expect(effect.estimate).toMatchObject({ difference: 0.53, low: 0.3, high: 0.76, verdict: "better" });
  expect(effect.estimate?.settled).toMatchObject({ difference: 0.03, low: 0.01, high: 0.05, nControl: 300 });
  expect(effect.metric.settlesAt?.toISOString()).toBe("2026-11-28T09:00:00.000Z");
  expect(toEffect({ ...recorded, verdict: "waiting" }).estimate).toMatchObject({
    soFar: true,
    settled: null,
  });
  expect(effect.asOf?.toISOString()).toBe("2026-11-21T19:46:00.000Z");
});

test("what the database left out stays absent, with its reason: never a zero", () => {
  const absent = {
    ...recorded,
    difference: null,
    sequential_low: null,
    sequential_high: null,
    verdict: null,
    reason_code: "too_few_subjects",
  };
  expect(toEffect(absent)).toMatchObject({ estimate: null, reason: "too_few_subjects" });
  expect(toEffect({ ...recorded, lift: null, lift_low: null, lift_high: null }).estimate?.lift).toBeNull();
});

test("an interval without width, from equal outcomes, is not shown as certainty", () => {
  const equal = {
    ...recorded,
    difference: 0,
    sequential_low: null,
    sequential_high: null,
    verdict: null,
    reason_code: "zero_variance",
  };
  expect(toEffect(equal).estimate).toBeNull();
});

test("numbers that are shown but not judged keep their missing verdict", () => {
  const doubted = { ...recorded, verdict: null, reason_code: "sample_ratio_mismatch" };
  expect(toEffect(doubted).estimate).toMatchObject({ difference: 0.53, verdict: null });
});

test("arms, health and traffic read as shares and times", () => {
  const arm = {
    workspace_id: "w1",
    experiment_id: "e1",
    variant_id: "v1",
    variant_key: "short",
    variant_name: "Shorter greeting",
    is_control: false,
    weight: 1,
    expected_share: 0.5,
    subjects: 0,
    share: null,
    rolled_back_at: "2026-11-21T19:46:00+00:00",
  };
  expect(toArm(arm)).toMatchObject({ share: null, rolledBackAt: new Date("2026-11-21T19:46:00Z") });
  const health = toHealth({
    subjects: 60,
    srm_status: "not_enough_data",
    srm_p_value: null,
    first_assigned_at: null,
    last_assigned_at: null,
  });
  expect(health).toMatchObject({ subjects: 60, srmStatus: "not_enough_data", lastAssignedAt: null });
  const experiment = toExperiment({
    id: "e1",
    key: "k",
    name: "n",
    hypothesis: "",
    state: "active",
    revision: 2,
    unit: "user",
    traffic: 2_500,
    started_at: null,
    ended_at: null,
    environments: { id: "n1", key: "production", name: "Production", is_production: true },
    capabilities: { id: "c1", key: "Book", name: "Book" },
  });
  expect(experiment).toMatchObject({ traffic: 0.25, environment: { isProduction: true } });
});
