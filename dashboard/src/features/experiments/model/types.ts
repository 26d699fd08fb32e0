/** What the dashboard knows about an experiment, free of the wire's nulls: see rows.ts for how it is read. */
export type Direction = "increase" | "decrease";
export type MetricRole = "primary" | "secondary" | "guardrail";
export type EffectVerdict = "better" | "worse" | "undecided";

export interface Metric {
  id: string;
  key: string;
  name: string;
  kind: string;
  unit: string;
  direction: Direction;
  role: MetricRole;
  /** When the last customer's outcome window closes, as the database says; null without customers. */
  settlesAt: Date | null;
}

export interface Settled {
  difference: number;
  low: number;
  high: number;
  nControl: number;
  nVariant: number;
}

export interface Estimate {
  difference: number;
  low: number;
  high: number;
  confidence: number;
  pValue: number | null;
  lift: { value: number; low: number; high: number } | null;
  /** Null when the numbers may not be believed: `reason` of the effect says why. */
  verdict: EffectVerdict | null;
  /** The verdict still waits for closed windows; this is what the outcomes so far say, and it may turn. */
  soFar: boolean;
  /** What the customers say whose outcome window is closed, once they are judged: the verdict is theirs. */
  settled: Settled | null;
}

/** One arm against the control on one metric. `estimate` is null, with a reason, when it can't be computed. */
export interface Effect {
  metric: Metric;
  variantId: string;
  variantKey: string;
  variantName: string;
  nControl: number;
  nVariant: number;
  meanControl: number | null;
  meanVariant: number | null;
  estimate: Estimate | null;
  reason: string | null;
  grade: string;
  method: string;
  asOf: Date | null;
}

export interface Arm {
  id: string;
  key: string;
  name: string;
  isControl: boolean;
  weight: number;
  expectedShare: number;
  subjects: number;
  share: number | null;
  rolledBackAt: Date | null;
}

export type SrmStatus = "ok" | "mismatch" | "not_enough_data";

export interface Health {
  subjects: number;
  srmStatus: SrmStatus;
  srmPValue: number | null;
  firstAssignedAt: Date | null;
  lastAssignedAt: Date | null;
}

export type ExperimentState = "draft" | "in_review" | "active" | "paused" | "archived";

export interface Experiment {
  id: string;
  key: string;
  name: string;
  hypothesis: string;
  state: ExperimentState;
  revision: number;
  unit: string;
  /** Share of the scope's subjects that enters, from 0 to 1. */
  traffic: number;
  startedAt: Date | null;
  endedAt: Date | null;
  environment: { id: string; key: string; name: string; isProduction: boolean };
  capability: { id: string; key: string; name: string };
}

export interface Answer {
  experiment: Experiment;
  effects: Effect[];
  arms: Arm[];
  health: Health | null;
}
