import { SegmentedControl } from "@mantine/core";
import { stateName } from "@/features/experiments/components/StateBadge";
import type { Answer, ExperimentState } from "@/features/experiments/model/types";

const ORDER: readonly ExperimentState[] = ["active", "paused", "in_review", "draft", "archived"];

interface StateFilterProps {
  answers: readonly Answer[];
  value: string | null;
  onChange: (state: string | null) => void;
}

/** Shown only when the list holds more than one state. */
export function StateFilter({ answers, value, onChange }: StateFilterProps) {
  const present = ORDER.filter((state) => answers.some((answer) => answer.experiment.state === state));
  if (present.length < 2 && value === null) return null;
  return (
    <SegmentedControl
      aria-label="State"
      size="xs"
      mb="md"
      value={value ?? "all"}
      onChange={(state) => onChange(state === "all" ? null : state)}
      data={[
        { value: "all", label: "All" },
        ...present.map((state) => ({ value: state, label: stateName(state) })),
      ]}
    />
  );
}
