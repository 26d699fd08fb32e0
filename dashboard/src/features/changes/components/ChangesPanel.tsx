import { useQuery } from "@tanstack/react-query";
import {
  FileDown,
  Flag,
  History,
  Pause,
  Play,
  Redo2,
  Rocket,
  Shuffle,
  StickyNote,
  TrendingUp,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import type { ComponentType } from "react";
import { Moment } from "@/components/figures/Moment";
import { Panel } from "@/components/Panel/Panel";
import { PanelEmpty, PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { type Change, type ChangeScope, changesQuery } from "@/features/changes/api/changes";
import classes from "@/features/changes/components/ChangesPanel.module.css";
import { useSupabase } from "@/lib/services";

interface ChangesPanelProps {
  workspaceId: string;
  userId: string;
  scope: ChangeScope;
}

const HEIGHT = 220;

/** The ledger's newest rows: everything that could have moved the outcome. */
export function ChangesPanel({ workspaceId, userId, scope }: ChangesPanelProps) {
  const changes = useQuery(changesQuery(useSupabase(), workspaceId, scope));
  return (
    <Panel title="Latest changes" note="Everything here that could have moved an outcome.">
      {changes.isPending ? <PanelLoading height={HEIGHT} label="The ledger" /> : null}
      {changes.isError ? (
        <PanelFailed what="The ledger" error={changes.error} onRetry={() => void changes.refetch()} />
      ) : null}
      {changes.data?.length === 0 ? (
        <PanelEmpty title="Nothing has changed yet.">
          Deployments, rollbacks, starts and stops are listed here with their time and author.
        </PanelEmpty>
      ) : null}
      {changes.data && changes.data.length > 0 ? <ChangeList changes={changes.data} userId={userId} /> : null}
    </Panel>
  );
}

function ChangeList({ changes, userId }: { changes: readonly Change[]; userId: string }) {
  return (
    <ol className={classes.list}>
      {changes.map((change) => (
        <li key={change.id} className={classes.change} data-kind={change.kind}>
          <ChangeIcon kind={change.kind} />
          <div className={classes.words}>
            <span className={classes.summary}>{change.summary}</span>
            <span className={classes.who}>
              <Moment at={change.occurredAt} /> {actorText(change, userId)}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}

function actorText(change: Change, userId: string): string {
  if (change.actorKind === "user") return change.actorId === userId ? "by you" : "by a member";
  return change.actorKind === "service" ? "by a service" : "by the system";
}

const ICONS: Readonly<Record<string, ComponentType<{ size: number }>>> = {
  deployment_published: Rocket,
  deployment_rolled_back: Undo2,
  deployment_withdrawn: Undo2,
  variant_rolled_back: Undo2,
  variant_restored: Redo2,
  ramp_started: TrendingUp,
  ramp_advanced: TrendingUp,
  ramp_completed: Rocket,
  ramp_aborted: Undo2,
  ramp_stopped: Flag,
  experiment_activated: Play,
  experiment_resumed: Play,
  experiment_paused: Pause,
  experiment_shares_changed: Shuffle,
  experiment_archived: Flag,
  provider_model_changed: Shuffle,
  import: FileDown,
  incident: TriangleAlert,
  annotation: StickyNote,
};

function ChangeIcon({ kind }: { kind: string }) {
  const Icon = ICONS[kind] ?? History;
  return (
    <span className={classes.icon} aria-hidden>
      <Icon size={14} />
    </span>
  );
}
