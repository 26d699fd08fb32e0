/** All decisions about an interval plot, as pure functions: the components beside this file only draw. */
export type IntervalTone = "good" | "bad" | "undecided" | "muted";

export interface IntervalInput {
  key: string;
  low: number;
  high: number;
  point: number;
  tone: IntervalTone;
  /** Data may still move: drawn pale and dotted. */
  settling: boolean;
}

export interface IntervalGroup {
  key: string;
  rows: readonly IntervalInput[];
}

export interface PreparedInterval extends IntervalInput {
  /** The drawn ends; where they differ from low and high the plot shows an arrow. */
  from: number;
  to: number;
  cutLow: boolean;
  cutHigh: boolean;
}

export interface PreparedGroup {
  key: string;
  domain: readonly [number, number];
  rows: readonly PreparedInterval[];
}

/** An interval this many times wider than the typical one is cut, or it would flatten the others. */
const CUT_FACTOR = 6;
const PADDING = 0.08;

/** Groups keep their own unit; zero stands at the same place in all, so that one line reads through the panel. */
export function prepareIntervals(groups: readonly IntervalGroup[]): PreparedGroup[] {
  const reaches = groups.map((group) => reachOf(group.rows));
  const zero = zeroPosition(reaches);
  return groups.map((group, index) => {
    const domain = domainFor(reaches[index] ?? { left: 0, right: 0 }, zero);
    return { key: group.key, domain, rows: group.rows.map((row) => cut(row, domain)) };
  });
}

interface Reach {
  left: number;
  right: number;
}

function reachOf(rows: readonly IntervalInput[]): Reach {
  const limit = CUT_FACTOR * median(rows.map((row) => Math.max(Math.abs(row.low), Math.abs(row.high))));
  const within = (value: number) => Math.min(Math.abs(value), limit);
  const left = Math.max(0, ...rows.filter((row) => row.low < 0).map((row) => within(row.low)));
  const right = Math.max(0, ...rows.filter((row) => row.high > 0).map((row) => within(row.high)));
  return { left, right };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Where zero stands, from 0 (left edge) to 1: between the groups' own wishes, never at an edge. */
function zeroPosition(reaches: readonly Reach[]): number {
  const wishes = reaches.map(({ left, right }) => (left + right === 0 ? 0.5 : left / (left + right)));
  const middle = wishes.reduce((sum, wish) => sum + wish, 0) / Math.max(1, wishes.length);
  return Math.min(0.85, Math.max(0.15, middle));
}

function domainFor({ left, right }: Reach, zero: number): [number, number] {
  const span = Math.max(left / zero, right / (1 - zero)) * (1 + PADDING) || 1;
  return [-span * zero, span * (1 - zero)];
}

function cut(row: IntervalInput, [min, max]: readonly [number, number]): PreparedInterval {
  const cutLow = row.low < min;
  const cutHigh = row.high > max;
  return { ...row, from: cutLow ? min : row.low, to: cutHigh ? max : row.high, cutLow, cutHigh };
}
