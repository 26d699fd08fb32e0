import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface Change {
  id: string;
  kind: string;
  summary: string;
  actorKind: string;
  actorId: string | null;
  occurredAt: Date;
}

export interface ChangeScope {
  experimentId: string;
  environmentId: string;
  capabilityId: string;
}

const SHOWN = 8;

/** The ledger's newest rows that touch the experiment or its scope. */
export const changesQuery = (supabase: UpshotClient, workspaceId: string, scope: ChangeScope) =>
  queryOptions({
    queryKey: [...keys.changes(workspaceId), scope],
    queryFn: async ({ signal }): Promise<Change[]> => {
      const touching = `experiment_id.eq.${scope.experimentId},and(environment_id.eq.${scope.environmentId},capability_id.eq.${scope.capabilityId})`;
      const rows = unwrap(
        await supabase
          .from("changes")
          .select("id, kind, summary, actor_kind, actor_id, occurred_at")
          .eq("workspace_id", workspaceId)
          .or(touching)
          .order("occurred_at", { ascending: false })
          .limit(SHOWN)
          .abortSignal(signal),
      );
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        summary: row.summary,
        actorKind: row.actor_kind,
        actorId: row.actor_id,
        occurredAt: new Date(row.occurred_at),
      }));
    },
  });
