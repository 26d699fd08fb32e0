/** A pointer move, as the append-only table keeps it. */
export interface Deployment {
  actionId: string | null;
  intentId: string | null;
  number: number;
  /** Null when the move gave the scope back to the wider one. */
  versionId: string | null;
  /** Rollbacks: the move whose state came back; 0 is the time before the first. */
  restoresNumber: number | null;
}

/**
 * The version that a rollback returns to: what the live one replaced.
 * The database's rule: a rollback names the move that it restored, so that several go further back, never to and fro.
 */
export function wayBack(live: Deployment, history: readonly Deployment[]): string | null {
  const moves = new Map(
    history
      .filter((move) => move.actionId === live.actionId && move.intentId === live.intentId)
      .map((move) => [move.number, move]),
  );
  const standing = (number: number): number => moves.get(number)?.restoresNumber ?? number;
  const now = live.restoresNumber ?? live.number;
  return now === 0 ? null : (moves.get(standing(now - 1))?.versionId ?? null);
}
