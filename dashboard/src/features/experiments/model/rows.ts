/** From the wire's rows to the model: the words become types, and what is absent stays absent. */

import type {
  Arm,
  Direction,
  Effect,
  EffectVerdict,
  Estimate,
  Experiment,
  ExperimentState,
  Health,
  MetricRole,
  Settled,
  SrmStatus,
} from "@/features/experiments/model/types";
import type { Database } from "@/lib/database";

type Views = Database["public"]["Views"];
export type EffectRow = Views["experiment_effects"]["Row"];
export type ArmRow = Views["experiment_arms"]["Row"];
export type HealthRow = Pick<
  Views["experiment_health"]["Row"],
  "subjects" | "srm_status" | "srm_p_value" | "first_assigned_at" | "last_assigned_at"
>;

export interface ExperimentRow {
  id: string;
  key: string;
  name: string;
  hypothesis: string;
  state: string;
  revision: number;
  unit: string;
  traffic: number;
  started_at: string | null;
  ended_at: string | null;
  environments: { id: string; key: string; name: string; is_production: boolean };
  capabilities: { id: string; key: string; name: string };
}

const BASIS_POINTS = 10_000;

export const EXPERIMENT_COLUMNS =
  "id, key, name, hypothesis, state, revision, unit, traffic, started_at, ended_at, environments(id, key, name, is_production), capabilities(id, key, name)";

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function toExperiment(row: ExperimentRow): Experiment {
  const { environments: environment, capabilities: capability } = row;
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    hypothesis: row.hypothesis,
    state: row.state as ExperimentState,
    revision: row.revision,
    unit: row.unit,
    traffic: row.traffic / BASIS_POINTS,
    startedAt: dateOf(row.started_at),
    endedAt: dateOf(row.ended_at),
    environment: {
      id: environment.id,
      key: environment.key,
      name: environment.name,
      isProduction: environment.is_production,
    },
    capability: { id: capability.id, key: capability.key, name: capability.name },
  };
}

/** The view computes its rows: the types cannot know that these words are always there. */
const known = (word: string | null): string => word ?? "";

export function toEffect(row: EffectRow): Effect {
  return {
    metric: {
      id: known(row.metric_id),
      key: known(row.metric_key),
      name: known(row.metric_name),
      kind: known(row.metric_kind),
      unit: known(row.metric_unit),
      direction: row.metric_direction as Direction,
      role: row.metric_role as MetricRole,
      settlesAt: dateOf(row.settles_at),
    },
    variantId: known(row.variant_id),
    variantKey: known(row.variant_key),
    variantName: known(row.variant_name),
    nControl: row.n_control ?? 0,
    nVariant: row.n_variant ?? 0,
    meanControl: row.mean_control,
    meanVariant: row.mean_variant,
    estimate: toEstimate(row),
    reason: row.reason_code ?? (row.waiting_for === "subjects" ? "too_early" : null),
    grade: row.grade ?? "",
    method: row.method ?? "",
    asOf: dateOf(row.as_of),
  };
}

/** Equal values give an interval of no width, which would claim a certainty that nobody has. */
const ZERO_VARIANCE = "zero_variance";

function toEstimate(row: EffectRow): Estimate | null {
  // The interval that may be looked at at any time: a page is looked at often.
  const { difference, sequential_low: low, sequential_high: high } = row;
  if (difference === null || low === null || high === null || row.reason_code === ZERO_VARIANCE) return null;
  return {
    difference,
    low,
    high,
    confidence: row.confidence_level ?? 0.95,
    pValue: row.sequential_p_value,
    lift: toLift(row),
    verdict: row.verdict === "waiting" ? verdictSoFar(row, low, high) : (row.verdict as EffectVerdict | null),
    soFar: row.verdict === "waiting",
    settled: toSettled(row),
  };
}

function toSettled(row: EffectRow): Settled | null {
  const { mature_difference: difference, mature_low: low, mature_high: high } = row;
  if (row.verdict === null || row.verdict === "waiting") return null;
  if (difference === null || low === null || high === null) return null;
  return {
    difference,
    low,
    high,
    nControl: row.mature_n_control ?? 0,
    nVariant: row.mature_n_variant ?? 0,
  };
}

function verdictSoFar(row: EffectRow, low: number, high: number): EffectVerdict {
  if (low <= 0 && high >= 0) return "undecided";
  return low > 0 === (row.metric_direction === "increase") ? "better" : "worse";
}

function toLift({ lift: value, lift_low: low, lift_high: high }: EffectRow): Estimate["lift"] {
  return value === null || low === null || high === null ? null : { value, low, high };
}

export function toArm(row: ArmRow): Arm {
  return {
    id: row.variant_id,
    key: row.variant_key,
    name: row.variant_name,
    isControl: row.is_control,
    weight: row.weight,
    expectedShare: row.expected_share ?? 0,
    subjects: row.subjects ?? 0,
    share: row.share,
    rolledBackAt: dateOf(row.rolled_back_at),
  };
}

export function toHealth(row: HealthRow): Health {
  return {
    subjects: row.subjects ?? 0,
    srmStatus: (row.srm_status ?? "not_enough_data") as SrmStatus,
    srmPValue: row.srm_p_value,
    firstAssignedAt: dateOf(row.first_assigned_at),
    lastAssignedAt: dateOf(row.last_assigned_at),
  };
}
