/** Time alone changes a verdict: outcome windows close without an event that would tell. */

import type { Effect } from "@/features/experiments/model/types";

const COUNTED_MS = 3_000;
const OFTEN_MS = 2_000;
const SELDOM_MS = 60_000;

/** Milliseconds until the answer should be read again, or false once every window was closed when it was. */
export function nextReading(effects: readonly Effect[], readAt: number): number | false {
  const last = Math.max(...effects.map((effect) => effect.metric.settlesAt?.getTime() ?? 0), 0);
  const left = last + COUNTED_MS - readAt;
  return left > 0 ? Math.min(Math.max(left, OFTEN_MS), SELDOM_MS) : false;
}
