import { useQuery } from "@tanstack/react-query";
import classes from "@/app/pages/AnswerPanels.module.css";
import { PanelLoading } from "@/components/states/PanelStates";
import { ChangesPanel } from "@/features/changes/components/ChangesPanel";
import { LivePointersPanel } from "@/features/deployments/components/LivePointersPanel";
import { recentUnitsQuery } from "@/features/experiments/api/recentUnits";
import type { Effect, Experiment } from "@/features/experiments/model/types";
import { RecordOutcomePanel } from "@/features/outcomes/components/RecordOutcomePanel";
import { useSignedIn } from "@/features/session/api/session";
import { useCurrent } from "@/features/workspace/model/current";
import { useSupabase } from "@/lib/services";

const RECORD_HEIGHT = 348;

interface AnswerAsideProps {
  experiment: Experiment;
  /** Absent while they are read. */
  effects: readonly Effect[] | undefined;
}

const CUSTOMER = { joinBy: "subject", name: "Customer" } as const;
const UNITS: Readonly<Record<string, { joinBy: "subject" | "conversation"; name: string }>> = {
  conversation: { joinBy: "conversation", name: "Conversation" },
  account: { joinBy: "subject", name: "Account" },
};

/** Beside the answer: what is live, what happened, and what a person knows that no system reports. */
export function AnswerAside({ experiment, effects }: AnswerAsideProps) {
  const { userId } = useSignedIn();
  const { workspace, membership } = useCurrent();
  return (
    <div className={classes.beside}>
      <LivePointersPanel
        workspaceId={workspace.id}
        scope={experiment}
        mayRollBack={membership.permissions.has("deployments.rollback")}
      />
      {membership.permissions.has("events.write") ? (
        <Record experiment={experiment} effects={effects} />
      ) : null}
      <ChangesPanel
        workspaceId={workspace.id}
        userId={userId}
        scope={{
          experimentId: experiment.id,
          environmentId: experiment.environment.id,
          capabilityId: experiment.capability.id,
        }}
      />
    </div>
  );
}

function Record({ experiment, effects }: AnswerAsideProps) {
  const { workspace } = useCurrent();
  const units = useQuery(recentUnitsQuery(useSupabase(), workspace.id, experiment.id));
  if (!effects) return <PanelLoading height={RECORD_HEIGHT} label="The form" />;
  const metrics = new Map(effects.map(({ metric }) => [metric.id, metric]));
  return (
    <RecordOutcomePanel
      workspaceId={workspace.id}
      environment={experiment.environment.key}
      metrics={[...metrics.values()]}
      unit={UNITS[experiment.unit] ?? CUSTOMER}
      unitIds={units.data ?? []}
    />
  );
}
