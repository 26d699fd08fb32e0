import type { Arm, Health } from "@/features/experiments/model/types";
import { formatP, formatShare } from "@/lib/numbers";

export interface SrmWarning {
  sentence: string;
  causes: string[];
}

/** Of arms that are equally far off, the control is named: it is the one that people know. */
function furthestFromPlan(arms: readonly Arm[]): Arm | undefined {
  const gap = (arm: Arm) => Math.round(Math.abs((arm.share ?? 0) - arm.expectedShare) * 1e6);
  return arms
    .filter((arm) => arm.share !== null)
    .sort((a, b) => gap(b) - gap(a) || Number(b.isControl) - Number(a.isControl))[0];
}

/** What must be read before the verdict: the arms did not get the shares that were planned. */
export function srmWarning(health: Health | null, arms: readonly Arm[]): SrmWarning | null {
  if (health?.srmStatus !== "mismatch") return null;
  const off = furthestFromPlan(arms);
  const p = health.srmPValue === null ? "" : ` (${formatP(health.srmPValue)})`;
  const shares = off
    ? `${formatShare(off.share ?? 0)} of customers got ${off.isControl ? "the control" : off.name} where ${formatShare(off.expectedShare)} were planned${p}`
    : `the arms did not get the shares that were planned${p}`;
  return {
    sentence: `Don't read this yet: ${shares}. Two likely causes are below.`,
    causes: [
      "Some customers are lost in one arm only: a timeout or an error there before the outcome is recorded, or a caller that skips decide for some of them.",
      "The weights or the traffic were changed while it ran, or bots and tests entered it with subject ids of their own.",
    ],
  };
}
