import { queryOptions } from "@tanstack/react-query";
import { EXPERIMENT_COLUMNS, toExperiment } from "@/features/experiments/model/rows";
import type { Experiment } from "@/features/experiments/model/types";
import { toRequestError } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

/** The experiment of this key, or null when there is none that the person may see. */
export const experimentQuery = (supabase: UpshotClient, workspaceId: string, key: string) =>
  queryOptions({
    queryKey: [...keys.experiments(workspaceId), "key", key],
    queryFn: async ({ signal }): Promise<Experiment | null> => {
      const { data, error } = await supabase
        .from("experiments")
        .select(EXPERIMENT_COLUMNS)
        .eq("workspace_id", workspaceId)
        .eq("key", key)
        .abortSignal(signal)
        .maybeSingle();
      if (error) throw toRequestError(error);
      return data ? toExperiment(data) : null;
    },
  });
