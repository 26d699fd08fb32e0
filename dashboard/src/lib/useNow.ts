import { useSyncExternalStore } from "react";

const TICK_MS = 10_000;
let now = new Date();
let timer: ReturnType<typeof setInterval> | null = null;
const watchers = new Set<() => void>();

function subscribe(watcher: () => void): () => void {
  // Nobody kept the time while nobody asked.
  if (watchers.size === 0) now = new Date();
  watchers.add(watcher);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0 && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

function tick(): void {
  now = new Date();
  for (const watcher of watchers) watcher();
}

/** The time, renewed every ten seconds, the same for all who ask. */
export const useNow = (): Date => useSyncExternalStore(subscribe, () => now);
