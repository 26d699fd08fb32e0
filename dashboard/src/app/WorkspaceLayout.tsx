import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Link, Outlet, useLocation, useParams, useSearchParams } from "react-router";
import { Frame } from "@/app/Frame";
import { staleKeys } from "@/app/liveKeys";
import { Message } from "@/app/Message";
import { TopBar } from "@/app/TopBar";
import { PanelEmpty, PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { useSignedIn } from "@/features/session/api/session";
import { environmentsQuery } from "@/features/workspace/api/environments";
import { membershipQuery } from "@/features/workspace/api/membership";
import { type Workspace, workspacesQuery } from "@/features/workspace/api/workspaces";
import { chooseEnvironment } from "@/features/workspace/model/choose";
import { type Current, CurrentProvider } from "@/features/workspace/model/current";
import { useSupabase } from "@/lib/services";
import { type Changed, useLive } from "@/lib/useLive";

/** Finds the workspace that the URL names; everything below may rely on it. */
export function WorkspaceLayout() {
  const { workspace: slug } = useParams();
  const { userId } = useSignedIn();
  const workspaces = useQuery(workspacesQuery(useSupabase(), userId));
  if (workspaces.isPending)
    return (
      <Message>
        <PanelLoading height={64} label="The workspace" />
      </Message>
    );
  if (workspaces.isError) {
    return (
      <Message>
        <PanelFailed
          what="The workspace"
          error={workspaces.error}
          onRetry={() => void workspaces.refetch()}
        />
      </Message>
    );
  }
  const workspace = workspaces.data.find((candidate) => candidate.slug === slug);
  if (!workspace) {
    return (
      <Message>
        <PanelEmpty title={`There is no workspace ${slug} for you.`}>
          Ask one of its admins to invite you, or <Link to="/">go to your own</Link>.
        </PanelEmpty>
      </Message>
    );
  }
  return <InWorkspace workspace={workspace} />;
}

function InWorkspace({ workspace }: { workspace: Workspace }) {
  const supabase = useSupabase();
  const { userId } = useSignedIn();
  const [search] = useSearchParams();
  const [environments, membership] = useQueries({
    queries: [environmentsQuery(supabase, workspace.id), membershipQuery(supabase, workspace.id, userId)],
  });
  if (environments.isError || membership.isError) {
    const failed = environments.isError ? environments : membership;
    return (
      <Message>
        <PanelFailed what="The workspace" error={failed.error} onRetry={() => void failed.refetch()} />
      </Message>
    );
  }
  if (!environments.data || !membership.data) {
    return (
      <Message>
        <PanelLoading height={64} label="The workspace" />
      </Message>
    );
  }
  const environment = chooseEnvironment(environments.data, search.get("env"));
  if (!environment) {
    return (
      <Message>
        <PanelEmpty title="This workspace has no environment.">Add one to begin.</PanelEmpty>
      </Message>
    );
  }
  const current = { workspace, environment, environments: environments.data, membership: membership.data };
  return <Screen current={current} />;
}

function Screen({ current }: { current: Current }) {
  const { workspace, environment } = current;
  const { search } = useLocation();
  useWorkspaceLive(workspace.id);
  return (
    <CurrentProvider current={current}>
      <Frame
        workspaceSlug={workspace.slug}
        isProduction={environment.isProduction}
        search={new URLSearchParams(search).has("env") ? `?env=${environment.key}` : ""}
        bar={<TopBar current={current} />}
      >
        <Outlet />
      </Frame>
    </CurrentProvider>
  );
}

function useWorkspaceLive(workspaceId: string): void {
  const queryClient = useQueryClient();
  const refresh = useCallback(
    (changed: Changed) => {
      for (const queryKey of staleKeys(workspaceId, changed))
        void queryClient.invalidateQueries({ queryKey });
    },
    [queryClient, workspaceId],
  );
  useLive(`workspace:${workspaceId}`, refresh);
}
