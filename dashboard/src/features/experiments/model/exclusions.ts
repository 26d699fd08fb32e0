/** What became of the outcomes: which count, which do not, and why, in words. */

import { formatCount, plural } from "@/lib/numbers";

/** One row of the exclusion ledger; `isPart` rows of a metric add up to all of its outcomes. */
export interface Exclusion {
  metricId: string | null;
  position: number;
  reason: string;
  /** Null when there are too many to count while you look. */
  outcomes: number | null;
  isPart: boolean;
}

export interface Counted {
  metricId: string;
  used: number;
  total: number;
  /** Why the others do not count, the largest group first. */
  leftOut: string[];
  oddities: string[];
}

const LEFT_OUT: Readonly<Record<string, string>> = {
  duplicate: "sent more than once",
  invalid_value: "refused, for their value can't be used",
  unmatched: "of nobody known yet: they wait for their call, conversation or key",
  not_exposed: "of customers who never entered",
  bot: "of bots",
  switcher: "of customers who met two arms",
  before_exposure: "from before the customer entered",
  after_window: "from after the outcome window",
};

const ROWS: Readonly<Record<string, readonly [what: string, fate: string]>> = {
  duplicate_exposure: ["exposure", "sent more than once"],
  refused_exposure: ["exposure", "refused"],
  duplicate_call: ["call", "sent more than once"],
  refused_call: ["call", "refused"],
};

/** What counts of one metric. */
export function countedOf(rows: readonly Exclusion[], metricId: string): Counted {
  const own = rows.filter((row) => row.metricId === metricId);
  const parts = own.filter((row) => row.isPart && (row.outcomes ?? 0) > 0);
  return {
    metricId,
    used: parts.find((row) => row.reason === "used")?.outcomes ?? 0,
    total: parts.reduce((sum, row) => sum + (row.outcomes ?? 0), 0),
    leftOut: parts
      .filter((row) => row.reason !== "used")
      .sort((a, b) => (b.outcomes ?? 0) - (a.outcomes ?? 0) || a.position - b.position)
      .map((row) => `${formatCount(row.outcomes ?? 0)} ${LEFT_OUT[row.reason] ?? row.reason}`),
    oddities: own
      .filter((row) => row.reason === "clock_ahead" && (row.outcomes ?? 0) > 0)
      .map((row) => `${formatCount(row.outcomes ?? 0)} with a clock more than five minutes ahead of ours`),
  };
}

/** What became of exposures and calls that did not land; empty when all did. */
export function strayRows(rows: readonly Exclusion[]): string[] {
  return rows.flatMap((row) => {
    const words = ROWS[row.reason];
    if (row.metricId !== null || !words || !row.outcomes) return [];
    return [`${plural(row.outcomes, words[0])} ${words[1]}`];
  });
}
