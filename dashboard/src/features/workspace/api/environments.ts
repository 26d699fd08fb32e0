import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface Environment {
  id: string;
  key: string;
  name: string;
  isProduction: boolean;
}

export const environmentsQuery = (supabase: UpshotClient, workspaceId: string) =>
  queryOptions({
    queryKey: keys.environments(workspaceId),
    queryFn: async ({ signal }): Promise<Environment[]> => {
      const rows = unwrap(
        await supabase
          .from("environments")
          .select("id, key, name, is_production")
          .eq("workspace_id", workspaceId)
          .order("is_production", { ascending: false })
          .order("key")
          .abortSignal(signal),
      );
      return rows.map((row) => ({
        id: row.id,
        key: row.key,
        name: row.name,
        isProduction: row.is_production,
      }));
    },
  });
