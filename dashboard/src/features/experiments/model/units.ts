import type { Effect, Estimate, Metric } from "@/features/experiments/model/types";
import { decimalsFor, formatNumber, formatSigned } from "@/lib/numbers";

const NBSP = "\u00a0";

/** How a metric's stored numbers are said: multiply by `factor`, then write prefix, number, suffix. */
export interface Scale {
  factor: number;
  prefix: string;
  /** After a value: "41.2 %". */
  suffix: string;
  /** After a difference: "+3.1 points". */
  differenceSuffix: string;
  /** What an axis is titled. */
  axis: string;
}

const plain = (factor: number, unit: string, axis = unit): Scale => {
  const suffix = unit === "" ? "" : NBSP + unit;
  return { factor, prefix: "", suffix, differenceSuffix: suffix, axis };
};

const POINTS: Scale = {
  factor: 100,
  prefix: "",
  suffix: `${NBSP}%`,
  differenceSuffix: `${NBSP}points`,
  axis: "percentage points",
};

const SECONDS_IN: Readonly<Record<string, number>> = {
  ms: 0.001,
  millisecond: 0.001,
  milliseconds: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3_600,
  hour: 3_600,
  hours: 3_600,
};

const CURRENCY: Readonly<Record<string, string>> = {
  usd: "$",
  $: "$",
  eur: "€",
  "€": "€",
  gbp: "£",
  "£": "£",
};

/** The scale for values of about `magnitude` (in the stored unit). */
export function scaleFor(metric: Pick<Metric, "kind" | "unit">, magnitude: number): Scale {
  if (metric.kind === "proportion") return POINTS;
  const unit = metric.unit.trim().toLowerCase();
  const seconds = SECONDS_IN[unit];
  if (seconds !== undefined) return durationScale(seconds, Math.abs(magnitude) * seconds);
  const symbol = CURRENCY[unit];
  if (symbol) return { factor: 1, prefix: symbol, suffix: "", differenceSuffix: "", axis: symbol };
  return plain(1, metric.unit.trim(), metric.unit.trim() || "units");
}

function durationScale(secondsInUnit: number, seconds: number): Scale {
  if (seconds < 1) return plain(secondsInUnit * 1_000, "ms", "milliseconds");
  if (seconds < 120) return plain(secondsInUnit, "s", "seconds");
  if (seconds < 7_200) return plain(secondsInUnit / 60, "min", "minutes");
  return plain(secondsInUnit / 3_600, "h", "hours");
}

/** One scale for all effects on the same metric, so that a person compares like with like. */
export function scaleOfEffects(effects: readonly Effect[]): Scale {
  const first = effects[0];
  if (!first) return plain(1, "", "units");
  const values = effects.flatMap((effect) => [effect.meanControl ?? 0, effect.meanVariant ?? 0]);
  return scaleFor(first.metric, Math.max(...values.map(Math.abs)));
}

export function estimateDecimals(estimate: Estimate, scale: Scale): number {
  return decimalsFor(((estimate.high - estimate.low) / 2) * scale.factor);
}

/** "+3.1 points" */
export function differenceText(estimate: Estimate, scale: Scale): string {
  return signed(estimate.difference, scale, estimateDecimals(estimate, scale)) + scale.differenceSuffix;
}

/** "(1.2 to 5.0)" */
export function intervalText(estimate: Estimate, scale: Scale): string {
  return `(${boundsText(estimate, scale)})`;
}

/** "1.2 to 5.0" */
export function boundsText(estimate: Estimate, scale: Scale): string {
  const decimals = estimateDecimals(estimate, scale);
  const bound = (value: number) => unsigned(value, scale, decimals);
  return [bound(estimate.low), "to", bound(estimate.high)].join(NBSP);
}

/** "−0.8 and +1.1 points": the form for a difference that may go either way. */
export function betweenText(estimate: Estimate, scale: Scale): string {
  const decimals = estimateDecimals(estimate, scale);
  return `${signed(estimate.low, scale, decimals)} and ${signed(estimate.high, scale, decimals)}${scale.differenceSuffix}`;
}

/** A mean as "41.2 %", "340 ms", "$0.42". */
export function valueText(value: number | null, scale: Scale, decimals?: number): string {
  if (value === null) return "no value";
  const shown = decimals ?? defaultDecimals(value, scale);
  return unsigned(value, scale, shown) + scale.suffix;
}

function defaultDecimals(value: number, scale: Scale): number {
  const size = Math.abs(value * scale.factor);
  if (size >= 100 || size === 0) return 0;
  return size >= 1 ? 1 : 2;
}

function unsigned(value: number, scale: Scale, decimals: number): string {
  const text = formatNumber(value * scale.factor, decimals);
  return text.startsWith("\u2212") ? `\u2212${scale.prefix}${text.slice(1)}` : scale.prefix + text;
}

function signed(value: number, scale: Scale, decimals: number): string {
  const text = formatSigned(value * scale.factor, decimals);
  const sign = /^[+\u2212]/.test(text) ? text[0] : "";
  return `${sign}${scale.prefix}${sign ? text.slice(1) : text}`;
}
