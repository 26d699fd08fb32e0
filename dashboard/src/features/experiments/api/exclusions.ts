import { queryOptions } from "@tanstack/react-query";
import type { Exclusion } from "@/features/experiments/model/exclusions";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

const OFTEN = 30_000;

/** The exclusion ledger. It looks through raw outcomes, so it follows now and then, not with every outcome. */
export const exclusionsQuery = (supabase: UpshotClient, workspaceId: string, experimentId: string) =>
  queryOptions({
    queryKey: keys.exclusions(workspaceId, experimentId),
    refetchInterval: OFTEN,
    queryFn: async ({ signal }): Promise<Exclusion[]> => {
      const rows = unwrap(
        await supabase
          .from("experiment_exclusions")
          .select("metric_id, position, reason, outcomes, is_part")
          .eq("experiment_id", experimentId)
          .order("position")
          .abortSignal(signal),
      );
      return rows.map((row) => ({
        metricId: row.metric_id,
        position: row.position ?? 0,
        reason: row.reason ?? "",
        outcomes: row.outcomes,
        isPart: row.is_part ?? false,
      }));
    },
  });
