/** Every query key, in one place: a workspace is the root, so that one change can invalidate just its branch. */
export const keys = {
  workspaces: (userId: string) => ["workspaces", userId] as const,
  membership: (workspaceId: string, userId: string) =>
    ["workspace", workspaceId, "membership", userId] as const,
  environments: (workspaceId: string) => ["workspace", workspaceId, "environments"] as const,
  experiments: (workspaceId: string) => ["workspace", workspaceId, "experiments"] as const,
  experiment: (workspaceId: string, experimentId: string) =>
    ["workspace", workspaceId, "experiment", experimentId] as const,
  armVersions: (workspaceId: string, experimentId: string) =>
    ["workspace", workspaceId, "arm-versions", experimentId] as const,
  exclusions: (workspaceId: string, experimentId: string) =>
    ["workspace", workspaceId, "exclusions", experimentId] as const,
  recentUnits: (workspaceId: string, experimentId: string) =>
    ["workspace", workspaceId, "recent-units", experimentId] as const,
  changes: (workspaceId: string) => ["workspace", workspaceId, "changes"] as const,
  deployments: (workspaceId: string) => ["workspace", workspaceId, "deployments"] as const,
  workspace: (workspaceId: string) => ["workspace", workspaceId] as const,
};
