/** What a person types into the outcome form, and what it becomes. */
export interface OutcomeMetric {
  key: string;
  name: string;
  kind: string;
  unit: string;
}

export interface Draft {
  metric: string | null;
  unitId: string;
  happened: "yes" | "no";
  number: number | string;
}

export const emptyDraft = (metric: string | null): Draft => ({
  metric,
  unitId: "",
  happened: "yes",
  number: "",
});

export const asksYesOrNo = (metric: OutcomeMetric | undefined): boolean => metric?.kind === "proportion";

/** The errors by field, in words; no field when the draft can be sent. */
export function draftErrors(
  draft: Draft,
  metric: OutcomeMetric | undefined,
): Partial<Record<keyof Draft, string>> {
  const errors: Partial<Record<keyof Draft, string>> = {};
  if (!metric) errors.metric = "Choose what was counted.";
  if (draft.unitId.trim() === "") errors.unitId = "Say which one it was.";
  if (metric && !asksYesOrNo(metric) && !Number.isFinite(numberOf(draft))) errors.number = "Enter a number.";
  return errors;
}

export function outcomeValue(draft: Draft, metric: OutcomeMetric): number | boolean {
  return asksYesOrNo(metric) ? draft.happened === "yes" : numberOf(draft);
}

const numberOf = (draft: Draft): number => (draft.number === "" ? Number.NaN : Number(draft.number));
