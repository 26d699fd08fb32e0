/** Time alone changes a verdict: outcome windows close without an event that would tell. */

import type { Effect } from "@/features/experiments/model/types";

const COUNTED_MS = 3_000;
const OFTEN_MS = 2_000;
const SELDOM_MS = 60_000;

/** Whether every outcome window was closed when the effect was counted: nothing but late reports moves it then. */
export const isSettled = ({ metric, asOf }: Effect): boolean =>
  metric.settlesAt === null || (asOf !== null && asOf >= metric.settlesAt);

/** Milliseconds until the answer should be read again, or false once it is settled. */
export function nextReading(effects: readonly Effect[], readAt: number): number | false {
  const open = effects.filter((effect) => !isSettled(effect));
  if (open.length === 0) return false;
  const last = Math.max(...open.map((effect) => effect.metric.settlesAt?.getTime() ?? 0));
  // What should have been counted long ago is asked for ever more seldom: perhaps no worker runs.
  const distance = Math.abs(last + COUNTED_MS - readAt);
  return Math.min(Math.max(distance, OFTEN_MS), SELDOM_MS);
}
