import {
  Alert,
  Autocomplete,
  Button,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Panel } from "@/components/Panel/Panel";
import { ErrorText, PanelEmpty } from "@/components/states/PanelStates";
import { type NewOutcome, useRecordOutcome } from "@/features/outcomes/api/recordOutcome";
import {
  asksYesOrNo,
  type Draft,
  draftErrors,
  emptyDraft,
  type OutcomeMetric,
  outcomeValue,
} from "@/features/outcomes/model/draft";

interface RecordOutcomePanelProps {
  workspaceId: string;
  environment: string;
  metrics: readonly OutcomeMetric[];
  unit: { joinBy: NewOutcome["joinBy"]; name: string };
  /** Ids to choose from; any other may be typed. */
  unitIds: readonly string[];
}

export function RecordOutcomePanel(props: RecordOutcomePanelProps) {
  return (
    <Panel title="Record an outcome" note="For what no system reports. It counts like any other.">
      {props.metrics.length === 0 ? (
        <PanelEmpty title="No metric to record.">Give the experiment an outcome metric first.</PanelEmpty>
      ) : (
        <OutcomeForm {...props} />
      )}
    </Panel>
  );
}

function OutcomeForm(props: RecordOutcomePanelProps) {
  const { metrics, unit, unitIds } = props;
  const form = useOutcomeForm(props);
  const { draft, change, errors, metric, record } = form;
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="sm">
        <Select
          label="Outcome"
          data={metrics.map(({ key, name }) => ({ value: key, label: name }))}
          value={draft.metric}
          onChange={(value) => change({ metric: value })}
          error={errors.metric}
          allowDeselect={false}
        />
        <Autocomplete
          label={unit.name}
          placeholder={`The ${unit.joinBy} id that your product uses`}
          data={[...unitIds]}
          limit={6}
          value={draft.unitId}
          onChange={(unitId) => change({ unitId })}
          error={errors.unitId}
        />
        <ValueField draft={draft} metric={metric} error={errors.number} onChange={change} />
        <Button type="submit" loading={record.isPending} fullWidth>
          Record
        </Button>
        <Outcome record={record} />
      </Stack>
    </form>
  );
}

function useOutcomeForm({ workspaceId, environment, metrics, unit }: RecordOutcomePanelProps) {
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(metrics[0]?.key ?? null));
  const [shown, setShown] = useState(false);
  const [eventId, setEventId] = useState(() => crypto.randomUUID());
  const record = useRecordOutcome(workspaceId);
  const metric = metrics.find((candidate) => candidate.key === draft.metric);
  const errors = draftErrors(draft, metric);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShown(true);
    if (!metric || Object.keys(errors).length > 0) return;
    record.mutate(
      {
        metric: metric.key,
        value: outcomeValue(draft, metric),
        environment,
        joinBy: unit.joinBy,
        unitId: draft.unitId.trim(),
        eventId,
      },
      { onSuccess: () => restart(metric.key) },
    );
  };
  const restart = (metricKey: string) => {
    setDraft(emptyDraft(metricKey));
    setEventId(crypto.randomUUID());
    setShown(false);
  };
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return { draft, change, errors: shown ? errors : {}, metric, record, submit };
}

interface ValueFieldProps {
  draft: Draft;
  metric: OutcomeMetric | undefined;
  error: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

function ValueField({ draft, metric, error, onChange }: ValueFieldProps) {
  if (asksYesOrNo(metric)) {
    return (
      <SegmentedControl
        aria-label="Did it happen?"
        fullWidth
        value={draft.happened}
        onChange={(value) => onChange({ happened: value === "no" ? "no" : "yes" })}
        data={[
          { value: "yes", label: "It happened" },
          { value: "no", label: "It did not" },
        ]}
      />
    );
  }
  return (
    <NumberInput
      label="Value"
      value={draft.number}
      onChange={(number) => onChange({ number })}
      suffix={metric?.unit ? ` ${metric.unit}` : ""}
      error={error}
      hideControls
    />
  );
}

function Outcome({ record }: { record: ReturnType<typeof useRecordOutcome> }) {
  if (record.isError) {
    return (
      <Alert color="red" role="alert" title="It was not recorded">
        <ErrorText error={record.error} />
      </Alert>
    );
  }
  if (!record.isSuccess) return null;
  const words =
    record.data.accepted > 0
      ? "Recorded. The answer above counts it."
      : "It was recorded before; nothing is counted twice.";
  return (
    <Text size="sm" c="var(--u-good)" role="status">
      {words}
    </Text>
  );
}
