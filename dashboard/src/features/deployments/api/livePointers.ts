import { queryOptions } from "@tanstack/react-query";
import { type Deployment, wayBack } from "@/features/deployments/model/wayBack";
import type { Database } from "@/lib/database";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface VersionName {
  id: string;
  number: number;
  prompt: string;
  model: string;
}

export interface Pointer {
  deploymentId: string;
  action: string | null;
  intent: string | null;
  live: VersionName;
  /** What a rollback would bring back; null when nothing was live before. */
  previous: VersionName | null;
  since: Date;
}

type LiveRow = Database["public"]["Views"]["live_deployments"]["Row"];
type DeploymentRow = Database["public"]["Tables"]["deployments"]["Row"];

const HISTORY = 200;

/** What runs now in an environment for a capability: one row a scope, the widest first. */
export const livePointersQuery = (
  supabase: UpshotClient,
  workspaceId: string,
  environmentId: string,
  capabilityId: string,
) =>
  queryOptions({
    queryKey: [...keys.deployments(workspaceId), environmentId, capabilityId],
    queryFn: async ({ signal }): Promise<Pointer[]> => {
      const scope = { environment_id: environmentId, capability_id: capabilityId };
      const [live, moves] = await Promise.all([
        supabase.from("live_deployments").select("*").match(scope).abortSignal(signal),
        supabase
          .from("deployments")
          .select("*")
          .match(scope)
          .order("created_at", { ascending: false })
          .limit(HISTORY)
          .abortSignal(signal),
      ]);
      const history = unwrap(moves).map(toDeployment);
      const versions = await readVersions(supabase, history, signal);
      return unwrap(live)
        .flatMap((row) => toPointer(row, history, versions) ?? [])
        .sort((a, b) => specificity(a) - specificity(b));
    },
  });

const specificity = (pointer: Pointer): number =>
  Number(pointer.action !== null) + Number(pointer.intent !== null);

function toDeployment(row: DeploymentRow): Deployment {
  return {
    actionId: row.action_id,
    intentId: row.intent_id,
    number: row.number,
    versionId: row.prompt_version_id,
    restoresNumber: row.restores_number,
  };
}

async function readVersions(supabase: UpshotClient, history: readonly Deployment[], signal: AbortSignal) {
  const ids = [...new Set(history.flatMap((move) => move.versionId ?? []))];
  if (ids.length === 0) return new Map<string, VersionName>();
  const rows = unwrap(
    await supabase
      .from("prompt_versions")
      .select("id, number, model, branches!prompt_versions_branch_id_fkey(prompts(name))")
      .in("id", ids)
      .abortSignal(signal),
  );
  return new Map<string, VersionName>(
    rows.map((row) => [
      row.id,
      { id: row.id, number: row.number, prompt: row.branches.prompts.name, model: row.model },
    ]),
  );
}

function toPointer(
  row: LiveRow,
  history: readonly Deployment[],
  versions: ReadonlyMap<string, VersionName>,
): Pointer | null {
  const live = versions.get(row.prompt_version_id ?? "");
  if (!live) return null;
  const head = history.find(
    (move) =>
      move.versionId === live.id && move.actionId === row.action_id && move.intentId === row.intent_id,
  );
  return {
    deploymentId: row.deployment_id,
    action: row.action,
    intent: row.intent,
    live,
    previous: head ? (versions.get(wayBack(head, history) ?? "") ?? null) : null,
    since: new Date(row.live_since),
  };
}
