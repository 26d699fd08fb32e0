/** A pointer move, as the append-only table keeps it. */
export interface Deployment {
  actionId: string | null;
  intentId: string | null;
  number: number;
  versionId: string;
  previousVersionId: string | null;
  kind: "publish" | "rollback";
}

/**
 * The version that a rollback returns to: what the live one replaced when it was published.
 * The database's rule, so that two rollbacks go two steps back and not to and fro.
 */
export function wayBack(live: Deployment, history: readonly Deployment[]): string | null {
  const published = history
    .filter((move) => move.actionId === live.actionId && move.intentId === live.intentId)
    .filter((move) => move.kind === "publish" && move.versionId === live.versionId)
    .sort((a, b) => b.number - a.number)[0];
  return published?.previousVersionId ?? null;
}
