import { Select } from "@mantine/core";
import type { Environment } from "@/features/workspace/api/environments";
import classes from "@/features/workspace/components/EnvironmentChoice.module.css";

interface EnvironmentChoiceProps {
  environments: readonly Environment[];
  value: Environment;
  onChange: (key: string) => void;
}

/** Production wears its own colour, so that nobody mistakes it. */
export function EnvironmentChoice({ environments, value, onChange }: EnvironmentChoiceProps) {
  return (
    <Select
      aria-label="Environment"
      size="xs"
      className={classes.choice}
      classNames={{ input: classes.input }}
      data-production={value.isProduction}
      data={environments.map(({ key, name }) => ({ value: key, label: name }))}
      value={value.key}
      onChange={(key) => key && onChange(key)}
      allowDeselect={false}
      leftSection={<span className={classes.dot} aria-hidden />}
      wrapperProps={{ "data-production": value.isProduction }}
    />
  );
}
