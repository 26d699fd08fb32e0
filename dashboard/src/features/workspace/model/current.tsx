import { createContext, type ReactNode, useContext } from "react";
import type { Environment } from "@/features/workspace/api/environments";
import type { Membership } from "@/features/workspace/api/membership";
import type { Workspace } from "@/features/workspace/api/workspaces";

export interface Current {
  workspace: Workspace;
  environment: Environment;
  environments: readonly Environment[];
  membership: Membership;
}

const CurrentContext = createContext<Current | null>(null);

export function CurrentProvider({ current, children }: { current: Current; children: ReactNode }) {
  return <CurrentContext.Provider value={current}>{children}</CurrentContext.Provider>;
}

/** The workspace and environment that the URL names, and what the person may do there. */
export function useCurrent(): Current {
  const current = useContext(CurrentContext);
  if (!current) throw new Error("useCurrent needs a workspace above it.");
  return current;
}
