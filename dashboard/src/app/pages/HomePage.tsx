import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "react-router";
import { Message } from "@/app/Message";
import { PanelEmpty, PanelFailed, PanelLoading } from "@/components/states/PanelStates";
import { useSignedIn } from "@/features/session/api/session";
import { workspacesQuery } from "@/features/workspace/api/workspaces";
import { useSupabase } from "@/lib/services";

/** Goes on to the person's first workspace. */
export function HomePage() {
  const supabase = useSupabase();
  const { userId, email } = useSignedIn();
  const workspaces = useQuery(workspacesQuery(supabase, userId));
  if (workspaces.isPending)
    return (
      <Message>
        <PanelLoading height={64} label="Your workspaces" />
      </Message>
    );
  if (workspaces.isError) {
    return (
      <Message>
        <PanelFailed
          what="Your workspaces"
          error={workspaces.error}
          onRetry={() => void workspaces.refetch()}
        />
      </Message>
    );
  }
  const first = workspaces.data[0];
  if (first) return <Navigate to={`/w/${first.slug}`} replace />;
  return (
    <Message>
      <PanelEmpty title="You are in no workspace yet.">Ask an admin to add {email}.</PanelEmpty>
      <Button variant="default" mt="md" onClick={() => void supabase.auth.signOut({ scope: "local" })}>
        Sign out
      </Button>
    </Message>
  );
}
