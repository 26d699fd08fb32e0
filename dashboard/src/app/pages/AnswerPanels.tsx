import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { AnswerAside } from "@/app/pages/AnswerAside";
import classes from "@/app/pages/AnswerPanels.module.css";
import { Moment } from "@/components/figures/Moment";
import { PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { type ArmVersion, armVersionsQuery } from "@/features/experiments/api/armVersions";
import { exclusionsQuery } from "@/features/experiments/api/exclusions";
import { resultsQuery } from "@/features/experiments/api/results";
import { ArmsPanel } from "@/features/experiments/components/ArmsPanel";
import { CountedPanel } from "@/features/experiments/components/CountedPanel";
import { EffectsPanel } from "@/features/experiments/components/EffectsPanel";
import { RollbackArm } from "@/features/experiments/components/RollbackArm";
import { SrmCover } from "@/features/experiments/components/SrmCover";
import { VerdictPanel } from "@/features/experiments/components/VerdictPanel";
import { isSettled } from "@/features/experiments/model/settling";
import { srmWarning } from "@/features/experiments/model/srm";
import type { Answer, Arm, Experiment } from "@/features/experiments/model/types";
import { type Verdict, verdictOf } from "@/features/experiments/model/verdict";
import { useCurrent } from "@/features/workspace/model/current";
import { useSupabase } from "@/lib/services";
import { useNow } from "@/lib/useNow";

const VERDICT_HEIGHT = 132;
const EFFECTS_HEIGHT = 336;
const ARMS_HEIGHT = 254;
const COUNTED_HEIGHT = 190;

export function AnswerPanels({ experiment }: { experiment: Experiment }) {
  const { workspace } = useCurrent();
  const results = useQuery(resultsQuery(useSupabase(), workspace.id, experiment.id));
  return (
    <div className={classes.columns}>
      <div className={classes.answer}>
        {results.isPending ? (
          <>
            <PanelLoading height={VERDICT_HEIGHT} label="The verdict" />
            <PanelLoading height={EFFECTS_HEIGHT} label="The effects" />
            <PanelLoading height={ARMS_HEIGHT} label="The arms" />
          </>
        ) : null}
        {results.isError ? (
          <PanelFailed what="The answer" error={results.error} onRetry={() => void results.refetch()} />
        ) : null}
        {results.data ? <Answered answer={{ experiment, ...results.data }} /> : null}
      </div>
      <AnswerAside experiment={experiment} effects={results.data?.effects} />
    </div>
  );
}

function Answered({ answer }: { answer: Answer }) {
  const { workspace, membership } = useCurrent();
  const [stopping, setStopping] = useState<Arm | null>(null);
  const versions = useQuery(armVersionsQuery(useSupabase(), workspace.id, answer.experiment.id));
  const mayRollBack =
    membership.permissions.has("deployments.rollback") && answer.experiment.state === "active";
  const onRollback = mayRollBack ? setStopping : undefined;
  return (
    <>
      <Judgement answer={answer} onRollback={onRollback} />
      <ArmsPanel
        arms={answer.arms}
        health={answer.health}
        versions={versions.data ?? []}
        onRollback={onRollback}
      />
      <CountedOutcomes answer={answer} />
      {stopping ? (
        <RollbackArm
          workspaceId={workspace.id}
          experiment={answer.experiment}
          arm={stopping}
          control={answer.arms.find((arm) => arm.isControl)}
          version={versionName(versions.data ?? [], stopping)}
          onClose={() => setStopping(null)}
        />
      ) : null}
    </>
  );
}

function CountedOutcomes({ answer: { experiment, effects } }: { answer: Answer }) {
  const { workspace } = useCurrent();
  const exclusions = useQuery(exclusionsQuery(useSupabase(), workspace.id, experiment.id));
  if (exclusions.isPending) return <PanelLoading height={COUNTED_HEIGHT} label="What was counted" />;
  if (exclusions.isError) {
    return (
      <PanelFailed
        what="What was counted"
        error={exclusions.error}
        onRetry={() => void exclusions.refetch()}
      />
    );
  }
  const metrics = new Map(effects.map(({ metric }) => [metric.id, metric]));
  return <CountedPanel metrics={[...metrics.values()]} exclusions={exclusions.data} />;
}

function versionName(versions: readonly ArmVersion[], arm: Arm): string {
  const version = versions.find((candidate) => candidate.variantId === arm.id);
  return version ? `Version ${version.number} of ${version.prompt}` : "Its version";
}

interface JudgementProps {
  answer: Answer;
  onRollback: ((arm: Arm) => void) | undefined;
}

/** The verdict and the picture; both are covered by a sample-ratio mismatch until it is read. */
function Judgement({ answer, onRollback }: JudgementProps) {
  const [search, setSearch] = useSearchParams();
  const [srmRead, setSrmRead] = useSrmRead(answer.experiment.id);
  const warning = srmRead ? null : srmWarning(answer.health, answer.arms);
  if (warning) return <SrmCover warning={warning} onRead={() => setSrmRead(true)} />;
  const verdict = verdictOf(answer);
  return (
    <>
      <VerdictPanel
        verdict={verdict}
        settling={<Settling answer={answer} />}
        action={<VerdictAction verdict={verdict} arms={answer.arms} onRollback={onRollback} />}
      />
      <EffectsPanel
        effects={answer.effects}
        arms={answer.arms}
        scale={search.get("scale") === "relative" ? "relative" : "units"}
        onScale={(next) => setSearch((before) => withScale(before, next), { replace: true })}
      />
    </>
  );
}

function withScale(before: URLSearchParams, scale: string): URLSearchParams {
  const next = new URLSearchParams(before);
  if (scale === "relative") next.set("scale", scale);
  else next.delete("scale");
  return next;
}

interface VerdictActionProps {
  verdict: Verdict;
  arms: readonly Arm[];
  onRollback: ((arm: Arm) => void) | undefined;
}

/** The one action that the verdict asks for: stopping the arm that it names as worse. */
function VerdictAction({ verdict, arms, onRollback }: VerdictActionProps) {
  const arm = arms.find((candidate) => candidate.key === verdict.variantKey && !candidate.isControl);
  if (verdict.tone !== "bad" || !arm || !onRollback) return null;
  return (
    <Button leftSection={<Undo2 size={16} />} onClick={() => onRollback(arm)}>
      Roll back {arm.name}
    </Button>
  );
}

function Settling({ answer }: { answer: Answer }) {
  const now = useNow();
  const effect = answer.effects.find(({ metric }) => metric.role === "primary");
  const at = effect?.metric.settlesAt;
  if (!effect || !at) return null;
  if (isSettled(effect)) return <span>Settled: every outcome window is closed.</span>;
  if (at <= now) {
    return (
      <span>
        Every outcome window is closed, but results stand still
        {effect.asOf && (
          <>
            : last counted <Moment at={effect.asOf} />
          </>
        )}
        .
      </span>
    );
  }
  return (
    <span>
      Still settling: the last outcome window closes <Moment at={at} />.
    </span>
  );
}

/** Read once in a session, and again in the next. */
function useSrmRead(experimentId: string): [boolean, (read: boolean) => void] {
  const key = `upshot.srm-read.${experimentId}`;
  const [read, setRead] = useState(() => sessionStorage.getItem(key) === "yes");
  return [
    read,
    (value) => {
      sessionStorage.setItem(key, value ? "yes" : "no");
      setRead(value);
    },
  ];
}
