import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Link, useParams } from "react-router";
import { Page } from "@/app/Page";
import { AnswerPanels } from "@/app/pages/AnswerPanels";
import { Moment } from "@/components/figures/Moment";
import { PanelEmpty, PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { experimentQuery } from "@/features/experiments/api/experiment";
import { StateBadge } from "@/features/experiments/components/StateBadge";
import type { Experiment } from "@/features/experiments/model/types";
import { useCurrent } from "@/features/workspace/model/current";
import { formatShare } from "@/lib/numbers";
import { keys } from "@/lib/queryKeys";
import { useSupabase } from "@/lib/services";
import { useLive } from "@/lib/useLive";

const VERDICT_HEIGHT = 132;

/** One experiment: which arm moved the outcome, by how much, how sure, and what to do. */
export function AnswerPage() {
  const { experiment: key = "" } = useParams();
  const { workspace } = useCurrent();
  const experiment = useQuery(experimentQuery(useSupabase(), workspace.id, key));
  if (experiment.isPending)
    return (
      <Page title={key}>
        <PanelLoading height={VERDICT_HEIGHT} label="The experiment" />
      </Page>
    );
  if (experiment.isError) {
    return (
      <Page title={key}>
        <PanelFailed
          what="The experiment"
          error={experiment.error}
          onRetry={() => void experiment.refetch()}
        />
      </Page>
    );
  }
  if (!experiment.data) {
    return (
      <Page title={key}>
        <PanelEmpty title={`There is no experiment ${key} in this workspace.`}>
          <Link to={`/w/${workspace.slug}/experiments`}>See all experiments</Link>
        </PanelEmpty>
      </Page>
    );
  }
  return <Found experiment={experiment.data} />;
}

function Found({ experiment }: { experiment: Experiment }) {
  const { workspace } = useCurrent();
  useExperimentLive(workspace.id, experiment.id);
  return (
    <Page
      title={experiment.name}
      meta={<StateBadge state={experiment.state} />}
      lead={<Lead experiment={experiment} />}
    >
      <AnswerPanels experiment={experiment} />
    </Page>
  );
}

const UNIT_NAMES: Readonly<Record<string, string>> = {
  user: "customer",
  conversation: "conversation",
  account: "account",
};

function Lead({ experiment }: { experiment: Experiment }) {
  const { capability, environment, unit, traffic, startedAt, hypothesis } = experiment;
  return (
    <>
      {hypothesis ? (
        <>
          {hypothesis}
          <br />
        </>
      ) : null}
      {capability.name} in {environment.name}, split by {UNIT_NAMES[unit] ?? unit}, {formatShare(traffic)} of
      traffic
      {startedAt ? (
        <>
          , started <Moment at={startedAt} />
        </>
      ) : null}
      .
    </>
  );
}

function useExperimentLive(workspaceId: string, experimentId: string): void {
  const queryClient = useQueryClient();
  const refresh = useCallback(() => {
    void queryClient.invalidateQueries({ queryKey: keys.experiment(workspaceId, experimentId) });
    void queryClient.invalidateQueries({ queryKey: keys.experiments(workspaceId) });
  }, [queryClient, workspaceId, experimentId]);
  useLive(`experiment:${experimentId}`, refresh);
}
