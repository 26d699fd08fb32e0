import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearchParams } from "react-router";
import { Page } from "@/app/Page";
import { PanelEmpty, PanelFailed, PanelLoading, PanelNoResults } from "@/components/states/PanelStates";
import { answersQuery } from "@/features/experiments/api/answers";
import { AnswerList } from "@/features/experiments/components/AnswerList";
import { StateFilter } from "@/features/experiments/components/StateFilter";
import type { Answer } from "@/features/experiments/model/types";
import { useCurrent } from "@/features/workspace/model/current";
import { useSupabase } from "@/lib/services";

const ROW = 76;

/** Every experiment of the environment with its verdict, newest first. */
export function ExperimentsPage() {
  const { workspace, environment } = useCurrent();
  const answers = useQuery(answersQuery(useSupabase(), workspace.id, environment.id));
  return (
    <Page title="Experiments" lead={`What each change did in ${environment.name}.`}>
      {answers.isPending ? <PanelLoading height={ROW * 2} label="The experiments" /> : null}
      {answers.isError ? (
        <PanelFailed what="The experiments" error={answers.error} onRetry={() => void answers.refetch()} />
      ) : null}
      {answers.data ? <Listed answers={answers.data} /> : null}
    </Page>
  );
}

function Listed({ answers }: { answers: readonly Answer[] }) {
  const { workspace, environment } = useCurrent();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state");
  const setState = (value: string | null) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === null) next.delete("state");
      else next.set("state", value);
      return next;
    });
  if (answers.length === 0) {
    return (
      <PanelEmpty title={`No experiment in ${environment.name} yet.`}>
        Each one appears here with its verdict in one sentence.
      </PanelEmpty>
    );
  }
  const shown = answers.filter((answer) => state === null || answer.experiment.state === state);
  return (
    <>
      <StateFilter answers={answers} value={state} onChange={setState} />
      {shown.length === 0 ? (
        <PanelNoResults title="No experiment is in this state." onClear={() => setState(null)} />
      ) : (
        <AnswerList
          answers={shown}
          base={`/w/${workspace.slug}/experiments`}
          search={environmentSearch(search)}
        />
      )}
    </>
  );
}

function environmentSearch(search: URLSearchParams): string {
  const environment = search.get("env");
  return environment === null ? "" : `?env=${encodeURIComponent(environment)}`;
}

/** The home of a workspace: the only experiment that is not over, or the list. */
export function WorkspaceHome() {
  const { workspace, environment } = useCurrent();
  const answers = useQuery(answersQuery(useSupabase(), workspace.id, environment.id));
  if (answers.isPending)
    return (
      <Page title="Experiments">
        <PanelLoading height={ROW * 2} label="The experiments" />
      </Page>
    );
  const only = onlyOne(answers.data ?? [])?.experiment.key;
  const list = `/w/${workspace.slug}/experiments`;
  return <Navigate to={only ? `${list}/${encodeURIComponent(only)}` : list} replace />;
}

function onlyOne(answers: readonly Answer[]): Answer | undefined {
  const going = answers.filter((answer) => answer.experiment.state !== "archived");
  const candidates = going.length > 0 ? going : answers;
  return candidates.length === 1 ? candidates[0] : undefined;
}
