import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface ArmVersion {
  variantId: string;
  versionId: string;
  number: number;
  prompt: string;
  model: string;
  message: string;
}

/** Which prompt version each arm runs. Versions are immutable, so this is read once. */
export const armVersionsQuery = (supabase: UpshotClient, workspaceId: string, experimentId: string) =>
  queryOptions({
    queryKey: keys.armVersions(workspaceId, experimentId),
    queryFn: async ({ signal }): Promise<ArmVersion[]> => {
      const rows = unwrap(
        await supabase
          .from("variant_versions")
          .select(
            "variant_id, variants!inner(experiment_id), prompt_versions(id, number, model, message, branches!prompt_versions_branch_id_fkey(prompts(name)))",
          )
          .eq("variants.experiment_id", experimentId)
          .abortSignal(signal),
      );
      return rows.map(({ variant_id, prompt_versions: version }) => ({
        variantId: variant_id,
        versionId: version.id,
        number: version.number,
        prompt: version.branches.prompts.name,
        model: version.model,
        message: version.message,
      }));
    },
  });
