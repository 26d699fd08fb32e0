import { queryOptions } from "@tanstack/react-query";
import { toArm, toEffect, toHealth } from "@/features/experiments/model/rows";
import { nextReading } from "@/features/experiments/model/settling";
import type { Answer } from "@/features/experiments/model/types";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export type Results = Omit<Answer, "experiment">;

const ROLE_ORDER: Readonly<Record<string, number>> = { primary: 0, guardrail: 1, secondary: 2 };

/** Effects, arms and health, read together so that the page never mixes two moments more than it must. */
export const resultsQuery = (supabase: UpshotClient, workspaceId: string, experimentId: string) =>
  queryOptions({
    queryKey: [...keys.experiment(workspaceId, experimentId), "results"],
    queryFn: async ({ signal }): Promise<Results> => {
      const [effects, arms, health] = await Promise.all([
        supabase.from("experiment_effects").select("*").eq("experiment_id", experimentId).abortSignal(signal),
        supabase.from("experiment_arms").select("*").eq("experiment_id", experimentId).abortSignal(signal),
        supabase.from("experiment_health").select("*").eq("experiment_id", experimentId).abortSignal(signal),
      ]);
      const healthRow = unwrap(health)[0];
      return {
        effects: unwrap(effects).map(toEffect).sort(byRoleThenName),
        arms: unwrap(arms).map(toArm).sort(byControlThenName),
        health: healthRow ? toHealth(healthRow) : null,
      };
    },
    refetchInterval: ({ state }) => nextReading(state.data?.effects ?? [], state.dataUpdatedAt),
  });

type Sortable = Results["effects"][number];

function byRoleThenName(a: Sortable, b: Sortable): number {
  const order = (ROLE_ORDER[a.metric.role] ?? 9) - (ROLE_ORDER[b.metric.role] ?? 9);
  return order || a.metric.name.localeCompare(b.metric.name) || a.variantName.localeCompare(b.variantName);
}

function byControlThenName(a: Results["arms"][number], b: Results["arms"][number]): number {
  return Number(b.isControl) - Number(a.isControl) || a.name.localeCompare(b.name);
}
