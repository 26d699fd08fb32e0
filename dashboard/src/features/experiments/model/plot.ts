import type { IntervalInput, IntervalTone } from "@/components/charts/IntervalPlot/prepare";
import { isSettled } from "@/features/experiments/model/settling";
import type { Effect, Estimate, Metric } from "@/features/experiments/model/types";
import {
  boundsText,
  differenceText,
  estimateDecimals,
  type Scale,
  scaleOfEffects,
  valueText,
} from "@/features/experiments/model/units";
import { formatCount, formatSigned } from "@/lib/numbers";

/** Units: each metric in its own unit. Relative: all in percent of the control. */
export type PlotScale = "units" | "relative";

export interface EffectRowView {
  key: string;
  variantId: string;
  variantName: string;
  /** Null when there is no estimate to draw; `absence` then says why. */
  interval: IntervalInput | null;
  difference: string;
  bounds: string;
  means: string;
  n: string;
  absence: string | null;
}

export interface MetricView {
  metric: Metric;
  settled: boolean;
  rows: EffectRowView[];
}

export interface AxisGroup {
  key: string;
  axis: string;
  /** Turns a value on the axis into its label; `step` is the distance between ticks. */
  tick: (value: number, step: number) => string;
  metrics: MetricView[];
}

const RELATIVE: Scale = {
  factor: 100,
  prefix: "",
  suffix: "\u00a0%",
  differenceSuffix: "\u00a0%",
  axis: "percent of the control",
};

/** Metrics in reading order, gathered under the axis that they share. */
export function prepareEffects(
  effects: readonly Effect[],
  mode: PlotScale,
  reason: (code: string | null) => string,
): AxisGroup[] {
  const byMetric = [...Map.groupBy(effects, (effect) => effect.metric.id).values()];
  const views = byMetric.map((own) => metricView(own, mode, reason));
  const groups = Map.groupBy(views, (view) => view.scale.axis);
  return [...groups].map(([axis, members]) => ({
    key: axis,
    axis,
    tick: tickOf(members[0]?.scale ?? RELATIVE),
    metrics: members.map(({ metric, settled, rows }) => ({ metric, settled, rows })),
  }));
}

function metricView(
  effects: Effect[],
  mode: PlotScale,
  reason: (code: string | null) => string,
): MetricView & { scale: Scale } {
  const own = scaleOfEffects(effects);
  const scale = mode === "relative" ? RELATIVE : own;
  const metric = (effects[0] as Effect).metric;
  const settled = effects.every(isSettled);
  const rows = effects.map((effect) => rowView(effect, scale, own, mode, settled, reason));
  return { metric, settled, rows, scale };
}

function rowView(
  effect: Effect,
  scale: Scale,
  own: Scale,
  mode: PlotScale,
  settled: boolean,
  reason: (code: string | null) => string,
): EffectRowView {
  const shown = mode === "relative" ? asLift(effect.estimate) : effect.estimate;
  return {
    key: `${effect.metric.id}:${effect.variantId}`,
    variantId: effect.variantId,
    variantName: effect.variantName,
    interval: shown && toInterval(effect, shown, scale, settled),
    difference: shown ? differenceText(shown, scale) : "",
    bounds: shown ? boundsText(shown, scale) : "",
    means: meansText(effect, own),
    n: `n = ${formatCount(effect.nVariant)} vs ${formatCount(effect.nControl)} customers`,
    absence: shown ? null : absenceText(effect, reason),
  };
}

function absenceText(effect: Effect, reason: (code: string | null) => string): string {
  if (effect.estimate === null) return reason(effect.reason);
  return "No percentage: the control is too near zero.";
}

function meansText(effect: Effect, scale: Scale): string {
  const decimals = effect.estimate ? estimateDecimals(effect.estimate, scale) : undefined;
  return `${valueText(effect.meanVariant, scale, decimals)} vs ${valueText(effect.meanControl, scale, decimals)}`;
}

function asLift(estimate: Estimate | null): Estimate | null {
  if (!estimate?.lift) return null;
  const { value, low, high } = estimate.lift;
  return { ...estimate, difference: value, low, high };
}

function toInterval(effect: Effect, shown: Estimate, scale: Scale, settled: boolean): IntervalInput {
  return {
    key: `${effect.metric.id}:${effect.variantId}`,
    low: shown.low * scale.factor,
    high: shown.high * scale.factor,
    point: shown.difference * scale.factor,
    tone: toneOf(shown),
    settling: !settled,
  };
}

/** Good or bad for the business, as the database judged it by the metric's direction. */
function toneOf(estimate: Estimate | null): IntervalTone {
  if (!estimate?.verdict) return "muted";
  const tones = { better: "good", worse: "bad", undecided: "undecided" } as const;
  return tones[estimate.verdict];
}

/** All ticks of an axis have as many decimals as its step needs. */
function tickOf({ prefix }: Scale): AxisGroup["tick"] {
  return (value, step) => {
    const text = formatSigned(value, decimalsOfStep(step));
    return /^[+\u2212]/.test(text) ? `${text[0]}${prefix}${text.slice(1)}` : prefix + text;
  };
}

function decimalsOfStep(step: number): number {
  const enough = [0, 1, 2, 3, 4].find(
    (decimals) => Math.abs(step - Number(step.toFixed(decimals))) < step / 1000,
  );
  return enough ?? 4;
}
