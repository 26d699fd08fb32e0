import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RequestError, unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import { useSupabase } from "@/lib/services";

export interface NewOutcome {
  metric: string;
  value: number | boolean;
  environment: string;
  /** Which id `unitId` is. */
  joinBy: "subject" | "conversation";
  unitId: string;
  /** Made when the form is opened, so that a second press can't count twice. */
  eventId: string;
}

export interface Recorded {
  accepted: number;
  duplicates: number;
}

interface Ingested extends Recorded {
  errors: Array<{ code: string; message: string; hint: string | null }>;
}

/** Records one outcome by the same verb that integrators use. */
export function useRecordOutcome(workspaceId: string) {
  const supabase = useSupabase();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (outcome: NewOutcome): Promise<Recorded> => {
      const row = {
        metric: outcome.metric,
        value: outcome.value,
        environment: outcome.environment,
        [outcome.joinBy]: outcome.unitId,
        occurred_at: new Date().toISOString(),
        source: "dashboard",
        source_event_id: outcome.eventId,
      };
      const answer = unwrap(
        await supabase.rpc("record_outcomes", { outcomes: [row], workspace_id: workspaceId }),
      ) as unknown as Ingested;
      const refused = answer.errors[0];
      if (refused) throw new RequestError(refused.message, refused.code, refused.hint);
      return answer;
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.workspace(workspaceId) }),
  });
}
