import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Arm, Experiment } from "@/features/experiments/model/types";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import { useSupabase } from "@/lib/services";

interface Request {
  experiment: Experiment;
  arm: Arm;
  reason: string;
}

/** Stops one arm at once. Fails when the experiment was changed since it was read. */
export function useRollbackVariant(workspaceId: string) {
  const supabase = useSupabase();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ experiment, arm, reason }: Request) =>
      unwrap(
        await supabase.rpc("rollback_variant", {
          experiment_id: experiment.id,
          variant: arm.key,
          expected_revision: experiment.revision,
          reason,
          workspace_id: workspaceId,
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.workspace(workspaceId) }),
  });
}
