import { scaleLinear } from "@visx/scale";

const PIXELS_A_TICK = 72;

/** Round values for an axis of this width; zero is always among them. */
export function ticksFor(domain: readonly [number, number], width: number): number[] {
  const count = Math.max(2, Math.round(width / PIXELS_A_TICK));
  const ticks = scaleLinear<number>({ domain: [...domain] }).ticks(count);
  return ticks.includes(0) ? ticks : [...ticks, 0].sort((a, b) => a - b);
}
