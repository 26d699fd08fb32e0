import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface Membership {
  role: string;
  permissions: ReadonlySet<string>;
}

/** What the signed-in person may do here. The database decides again at every request; this only hides what would fail. */
export const membershipQuery = (supabase: UpshotClient, workspaceId: string, userId: string) =>
  queryOptions({
    queryKey: keys.membership(workspaceId, userId),
    staleTime: 300_000,
    queryFn: async ({ signal }): Promise<Membership> => {
      const member = unwrap(
        await supabase
          .from("members")
          .select("role")
          .eq("workspace_id", workspaceId)
          .eq("user_id", userId)
          .abortSignal(signal)
          .single(),
      );
      const granted = unwrap(
        await supabase
          .from("role_permissions")
          .select("permission")
          .eq("workspace_id", workspaceId)
          .eq("role", member.role)
          .abortSignal(signal),
      );
      return { role: member.role, permissions: new Set(granted.map((row) => row.permission)) };
    },
  });
