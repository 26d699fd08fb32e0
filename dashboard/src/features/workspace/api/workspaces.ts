import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/lib/errors";
import { keys } from "@/lib/queryKeys";
import type { UpshotClient } from "@/lib/supabase";

export interface Workspace {
  id: string;
  name: string;
  slug: string;
}

/** The workspaces that the signed-in person is a member of, by name. */
export const workspacesQuery = (supabase: UpshotClient, userId: string) =>
  queryOptions({
    queryKey: keys.workspaces(userId),
    queryFn: async ({ signal }): Promise<Workspace[]> =>
      unwrap(await supabase.from("workspaces").select("id, name, slug").order("name").abortSignal(signal)),
  });
