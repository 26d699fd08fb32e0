import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isSessionRefused, RequestError } from "@/lib/errors";
import type { LiveHub } from "@/lib/liveHub";

const POLL_WHEN_OFFLINE_MS = 15_000;
const MAX_RETRIES = 2;

/** Reads again on events; while the live channel is down, reads every fifteen seconds instead. */
export function createQueryClient(live: LiveHub, onSessionRefused: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => isSessionRefused(error) && onSessionRefused() }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => isTransient(error) && failures < MAX_RETRIES,
        refetchInterval: () => (live.status() === "offline" ? POLL_WHEN_OFFLINE_MS : false),
      },
    },
  });
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false;
  return error.code === "network" || error.code === "PGRST000" || error.code === "PGRST002";
}
