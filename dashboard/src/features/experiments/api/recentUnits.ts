import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

const SHOWN = 20;

/** The customers (or conversations, or accounts) that entered last, to choose from when an outcome is entered by hand. */
export const recentUnitsQuery = (supabase: UpshotClient, workspaceId: string, experimentId: string) =>
  queryOptions({
    queryKey: keys.recentUnits(workspaceId, experimentId),
    queryFn: async ({ signal }): Promise<string[]> => {
      const rows = unwrap(
        await supabase
          .from("assignments")
          .select("unit_id")
          .eq("experiment_id", experimentId)
          .order("assigned_at", { ascending: false })
          .limit(SHOWN)
          .abortSignal(signal),
      );
      return [...new Set(rows.map((row) => row.unit_id))];
    },
  });
