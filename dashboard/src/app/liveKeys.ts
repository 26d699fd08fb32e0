import type { QueryKey } from "@tanstack/react-query";
import { keys } from "@/lib/queryKeys";
import type { Changed } from "@/lib/useLive";

type KeysOf = (workspaceId: string) => QueryKey[];

/** What to read again when the workspace's channel names a table; what no screen shows is not read. */
const KEYS_BY_KIND: Readonly<Record<string, KeysOf>> = {
  changes: (id) => [keys.changes(id)],
  deployments: (id) => [keys.deployments(id)],
  environments: (id) => [keys.environments(id)],
  experiments: (id) => [keys.experiments(id)],
  intents: () => [],
  prompt_versions: () => [],
  prompts: () => [],
  provider_keys: () => [],
  runs: () => [],
};

/** The query keys that a batch of workspace hints makes stale. An unknown kind makes the whole workspace stale. */
export function staleKeys(workspaceId: string, changed: Changed): QueryKey[] {
  const everything = [keys.workspace(workspaceId)];
  if (changed === "everything") return everything;
  const kinds = [...changed];
  if (kinds.some((kind) => !(kind in KEYS_BY_KIND))) return everything;
  return kinds.flatMap((kind) => KEYS_BY_KIND[kind]?.(workspaceId) ?? []);
}
