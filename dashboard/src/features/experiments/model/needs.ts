import type { Answer, Effect, Estimate, Experiment, Health } from "@/features/experiments/model/types";
import { estimateDecimals, type Scale } from "@/features/experiments/model/units";
import { formatNumber, plural } from "@/lib/numbers";

type Estimated = Effect & { estimate: Estimate };

/** The next difference worth waiting for, as a share of what can be told apart now. */
const DETECTABLE = 0.7;
const NICE = [8, 6, 5, 4, 3, 2, 1.5, 1];

/** How much more traffic would tell a smaller difference apart, said in customers and, at a known pace, in days. */
export function whatItNeeds(answer: Answer, effect: Estimated, scale: Scale): string {
  const halfWidth = (effect.estimate.high - effect.estimate.low) / 2;
  const target = niceBelow(halfWidth * scale.factor * DETECTABLE) / scale.factor;
  const n = effect.nControl + effect.nVariant;
  const more = Math.ceil(n * ((halfWidth / target) ** 2 - 1));
  const decimals = Math.min(estimateDecimals(effect.estimate, scale) + 1, 4);
  const size = formatNumber(target * scale.factor, trimmed(target * scale.factor, decimals));
  const days = daysFor(more, n, answer.experiment, answer.health);
  const need =
    days === null ? `about ${plural(roundUp(more), "more customer")}` : `about ${plural(days, "more day")}`;
  return `${days === null ? "A" : "At today's traffic a"} ${size}${differenceUnit(scale)} difference needs ${need}.`;
}

function differenceUnit(scale: Scale): string {
  return scale.differenceSuffix.endsWith("points") ? "-point" : scale.differenceSuffix;
}

function trimmed(value: number, decimals: number): number {
  for (let d = 0; d < decimals; d++) if (Math.abs(value - Number(value.toFixed(d))) < 1e-9) return d;
  return decimals;
}

function niceBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (NICE.find((nice) => nice <= lead) ?? 1) * power;
}

function roundUp(count: number): number {
  if (count < 100) return count;
  const power = 10 ** (Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / power) * power;
}

function daysFor(more: number, n: number, experiment: Experiment, health: Health | null): number | null {
  if (experiment.state !== "active" || !health?.firstAssignedAt || !health.lastAssignedAt) return null;
  const days = (health.lastAssignedAt.getTime() - health.firstAssignedAt.getTime()) / 86_400_000;
  return days < 1 ? null : Math.ceil((more / n) * days);
}
