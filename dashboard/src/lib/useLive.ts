import { useEffect, useSyncExternalStore } from "react";
import { coalesce } from "@/lib/coalesce";
import type { LiveStatus } from "@/lib/liveHub";
import { useServices } from "@/lib/services";

const SOON_MS = 80;
const AT_MOST_EVERY_MS = 600;

/** Calls `refresh` when the topic says that something changed, and when events may have been missed. */
export function useLive(topic: string, refresh: () => void): void {
  const { live } = useServices();
  useEffect(() => {
    const reader = coalesce(refresh, SOON_MS, AT_MOST_EVERY_MS);
    const leave = live.subscribe(topic, () => reader.call());
    return () => {
      leave();
      reader.cancel();
    };
  }, [live, topic, refresh]);
}

export function useLiveStatus(): LiveStatus {
  const { live } = useServices();
  return useSyncExternalStore(live.watchStatus, live.status);
}
