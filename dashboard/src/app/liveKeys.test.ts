import { expect, test } from "vitest";
import { staleKeys } from "@/app/liveKeys";
import { keys } from "@/lib/queryKeys";

test("a hint makes only its own branch stale", () => {
  expect(staleKeys("w", new Set(["deployments", "changes"]))).toEqual([
    keys.deployments("w"),
    keys.changes("w"),
  ]);
  expect(staleKeys("w", new Set(["runs"]))).toEqual([]);
});

test("after a gap, or at a kind from a newer server, everything is read again", () => {
  expect(staleKeys("w", "everything")).toEqual([keys.workspace("w")]);
  expect(staleKeys("w", new Set(["changes", "holdouts"]))).toEqual([keys.workspace("w")]);
});
