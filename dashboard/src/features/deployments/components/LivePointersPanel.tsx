import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { ConfirmMove } from "@/components/ConfirmMove/ConfirmMove";
import { Moment } from "@/components/figures/Moment";
import { Panel } from "@/components/Panel/Panel";
import { ErrorText, PanelEmpty, PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { livePointersQuery, type Pointer, type VersionName } from "@/features/deployments/api/livePointers";
import { type PointerMove, useRollback } from "@/features/deployments/api/rollback";
import classes from "@/features/deployments/components/LivePointersPanel.module.css";
import { useSupabase } from "@/lib/services";

export interface Scope {
  environment: { id: string; key: string; name: string };
  capability: { id: string; key: string; name: string };
}

interface LivePointersPanelProps {
  workspaceId: string;
  scope: Scope;
  mayRollBack: boolean;
}

/** What customers outside the variants get, and the way back to what they got before. */
export function LivePointersPanel({ workspaceId, scope, mayRollBack }: LivePointersPanelProps) {
  const { environment, capability } = scope;
  const pointers = useQuery(livePointersQuery(useSupabase(), workspaceId, environment.id, capability.id));
  const [chosen, setChosen] = useState<Pointer | null>(null);
  return (
    <Panel title="Live now" note={`What ${capability.name} runs in ${environment.name}.`}>
      {pointers.isPending ? <PanelLoading height={56} label="What is live" /> : null}
      {pointers.isError ? (
        <PanelFailed what="What is live" error={pointers.error} onRetry={() => void pointers.refetch()} />
      ) : null}
      {pointers.data?.length === 0 ? (
        <PanelEmpty title="Nothing is live here.">Publish a version, and every customer gets it.</PanelEmpty>
      ) : null}
      <ul className={classes.list}>
        {pointers.data?.map((pointer) => (
          <PointerRow
            key={pointer.deploymentId}
            pointer={pointer}
            onRollback={mayRollBack && pointer.previous ? () => setChosen(pointer) : undefined}
          />
        ))}
      </ul>
      {chosen?.previous ? (
        <RollbackPointer
          workspaceId={workspaceId}
          scope={scope}
          pointer={chosen}
          previous={chosen.previous}
          onClose={() => setChosen(null)}
        />
      ) : null}
    </Panel>
  );
}

const named = (version: VersionName): string => `${version.prompt} v${version.number}`;

function PointerRow({ pointer, onRollback }: { pointer: Pointer; onRollback?: (() => void) | undefined }) {
  return (
    <li className={classes.pointer}>
      <div className={classes.words}>
        <span className={classes.version}>{named(pointer.live)}</span>
        <span className={classes.about}>
          {pointer.live.model} · {scopeText(pointer)}
        </span>
        <span className={classes.about}>
          since <Moment at={pointer.since} />
        </span>
      </div>
      {onRollback && pointer.previous ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<Undo2 size={14} />}
          onClick={onRollback}
          aria-label={`Roll back to ${named(pointer.previous)}`}
        >
          Roll back
        </Button>
      ) : null}
    </li>
  );
}

function scopeText(pointer: Pointer): string {
  const parts = [pointer.action, pointer.intent].filter((part) => part !== null);
  return parts.length === 0 ? "everyone" : parts.join(", ");
}

interface RollbackPointerProps {
  workspaceId: string;
  scope: Scope;
  pointer: Pointer;
  previous: VersionName;
  onClose: () => void;
}

function RollbackPointer({ workspaceId, scope, pointer, previous, onClose }: RollbackPointerProps) {
  const rollback = useRollback(workspaceId);
  const move = (from: VersionName, to: VersionName, reason: string): PointerMove => ({
    environment: scope.environment.key,
    capability: scope.capability.key,
    action: pointer.action,
    intent: pointer.intent,
    expectedVersion: from.id,
    toVersion: to.id,
    reason,
  });
  const undo = () =>
    rollback
      .mutateAsync(move(previous, pointer.live, "Undo of the rollback"))
      .then(() => notifications.show({ message: `${named(pointer.live)} is live again.` }), undoFailed);
  const confirm = (reason: string) =>
    rollback.mutate(move(pointer.live, previous, reason), {
      onSuccess: () => {
        onClose();
        offerUndo(previous, () => void undo());
      },
    });
  return (
    <ConfirmMove
      title={`Roll back to ${named(previous)}?`}
      touches={[
        `1 pointer moves: ${scope.capability.name}, ${scope.environment.name}, ${scopeText(pointer)}.`,
        `Version ${pointer.live.number} on ${pointer.live.model} gives way to version ${previous.number} on ${previous.model}.`,
        "The next decide returns it. Nothing that was measured is changed.",
      ]}
      undo={`To take it back, press Undo afterwards, or publish version ${pointer.live.number} again: it stays.`}
      confirmLabel="Roll back"
      pending={rollback.isPending}
      error={rollback.error}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}

function undoFailed(error: unknown): void {
  notifications.show({
    color: "red",
    title: "It was not undone",
    message: <ErrorText error={error} />,
    autoClose: false,
  });
}

const UNDO_SHOWN_MS = 20_000;

function offerUndo(version: VersionName, undo: () => void): void {
  const id = `undo-${version.id}`;
  notifications.show({
    id,
    title: `Rolled back to ${named(version)}`,
    message: (
      <Button
        size="xs"
        variant="default"
        mt={6}
        onClick={() => {
          notifications.hide(id);
          undo();
        }}
      >
        Undo
      </Button>
    ),
    autoClose: UNDO_SHOWN_MS,
  });
}
