import { queryOptions } from "@tanstack/react-query";
import {
  EXPERIMENT_COLUMNS,
  toArm,
  toEffect,
  toExperiment,
  toHealth,
} from "@/features/experiments/model/rows";
import type { Answer } from "@/features/experiments/model/types";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

/** The answer of every experiment of an environment, newest first, by its primary metric alone. */
export const answersQuery = (supabase: UpshotClient, workspaceId: string, environmentId: string) =>
  queryOptions({
    queryKey: [...keys.experiments(workspaceId), "answers", environmentId],
    queryFn: async ({ signal }): Promise<Answer[]> => {
      const rows = unwrap(
        await supabase
          .from("experiments")
          .select(EXPERIMENT_COLUMNS)
          .eq("workspace_id", workspaceId)
          .eq("environment_id", environmentId)
          .order("started_at", { ascending: false, nullsFirst: true })
          .limit(50)
          .abortSignal(signal),
      );
      if (rows.length === 0) return [];
      return attachResults(supabase, rows.map(toExperiment), signal);
    },
  });

async function attachResults(
  supabase: UpshotClient,
  experiments: Answer["experiment"][],
  signal: AbortSignal,
) {
  const ids = experiments.map((experiment) => experiment.id);
  const [effects, arms, health] = await Promise.all([
    supabase
      .from("experiment_effects")
      .select("*")
      .in("experiment_id", ids)
      .eq("metric_role", "primary")
      .abortSignal(signal),
    supabase.from("experiment_arms").select("*").in("experiment_id", ids).abortSignal(signal),
    supabase.from("experiment_health").select("*").in("experiment_id", ids).abortSignal(signal),
  ]);
  const effectsOf = Map.groupBy(unwrap(effects), (row) => row.experiment_id);
  const armsOf = Map.groupBy(unwrap(arms), (row) => row.experiment_id);
  const healthOf = new Map(unwrap(health).map((row) => [row.experiment_id, toHealth(row)]));
  return experiments.map((experiment) => ({
    experiment,
    effects: (effectsOf.get(experiment.id) ?? []).map(toEffect),
    arms: (armsOf.get(experiment.id) ?? []).map(toArm),
    health: healthOf.get(experiment.id) ?? null,
  }));
}
