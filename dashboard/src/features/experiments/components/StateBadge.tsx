import classes from "@/features/experiments/components/StateBadge.module.css";
import type { ExperimentState } from "@/features/experiments/model/types";

const NAMES: Readonly<Record<ExperimentState, string>> = {
  draft: "Draft",
  in_review: "In review",
  active: "Active",
  paused: "Paused",
  archived: "Archived",
};

export const stateName = (state: ExperimentState): string => NAMES[state];

export function StateBadge({ state }: { state: ExperimentState }) {
  return (
    <span className={classes.state} data-state={state}>
      {NAMES[state]}
    </span>
  );
}
