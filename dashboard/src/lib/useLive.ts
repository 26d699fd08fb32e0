import { useEffect, useSyncExternalStore } from "react";
import { coalesce } from "@/lib/coalesce";
import type { LiveEvent, LiveStatus } from "@/lib/liveHub";
import { useServices } from "@/lib/services";

const SOON_MS = 80;
const AT_MOST_EVERY_MS = 600;
/** The server thins its hints to one a second and may drop the last: one more read after that sees what it hid. */
const ECHO_MS = 1_300;

/** What changed since the last call: the kinds that the hints named, or everything when some may have been missed. */
export type Changed = ReadonlySet<string> | "everything";

/** Calls `refresh` soon after the topic says that something changed. */
export function useLive(topic: string, refresh: (changed: Changed) => void): void {
  const { live } = useServices();
  useEffect(() => {
    let changed: Changed = new Set();
    const reader = coalesce(
      () => {
        refresh(changed);
        changed = new Set();
      },
      SOON_MS,
      AT_MOST_EVERY_MS,
    );
    let echo: ReturnType<typeof setTimeout> | undefined;
    const leave = live.subscribe(topic, (event) => {
      const seen = add(changed, event);
      changed = seen;
      reader.call();
      clearTimeout(echo);
      echo = setTimeout(() => {
        changed = join(changed, seen);
        reader.call();
      }, ECHO_MS);
    });
    return () => {
      leave();
      reader.cancel();
      clearTimeout(echo);
    };
  }, [live, topic, refresh]);
}

function add(changed: Changed, event: LiveEvent): Changed {
  const kinds = event.type === "changed" ? kindsOf(event.payload) : null;
  return kinds ? join(changed, kinds) : "everything";
}

/** The kinds that a hint names; null when it is not as frontend_contract/channels.md says. */
function kindsOf({ changed }: Record<string, unknown>): ReadonlySet<string> | null {
  if (!Array.isArray(changed)) return null;
  const kinds = changed.map((entry: { kind?: unknown } | null) => entry?.kind);
  return kinds.every((kind) => typeof kind === "string") ? new Set(kinds as string[]) : null;
}

function join(a: Changed, b: Changed): Changed {
  return a === "everything" || b === "everything" ? "everything" : new Set([...a, ...b]);
}

export function useLiveStatus(): LiveStatus {
  const { live } = useServices();
  return useSyncExternalStore(live.watchStatus, live.status);
}
