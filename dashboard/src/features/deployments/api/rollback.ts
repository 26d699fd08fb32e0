import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import { useSupabase } from "@/lib/services";

export interface PointerMove {
  environment: string;
  capability: string;
  action: string | null;
  intent: string | null;
  /** What the person saw live; the move is refused when it is another by now. */
  expectedVersion: string;
  toVersion: string;
  reason: string;
}

/** Moves a scope's pointer to a version that was live before. */
export function useRollback(workspaceId: string) {
  const supabase = useSupabase();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (move: PointerMove) =>
      unwrap(
        await supabase.rpc("rollback", {
          environment: move.environment,
          capability: move.capability,
          expected_version: move.expectedVersion,
          ...(move.action === null ? {} : { action: move.action }),
          ...(move.intent === null ? {} : { intent: move.intent }),
          to_version: move.toVersion,
          reason: move.reason,
          workspace_id: workspaceId,
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.workspace(workspaceId) }),
  });
}
