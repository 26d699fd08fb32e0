import { Tooltip } from "@mantine/core";
import classes from "@/components/figures/LiveState.module.css";
import type { LiveStatus } from "@/lib/liveHub";
import { useLiveStatus } from "@/lib/useLive";

const WORDS: Readonly<Record<LiveStatus, { label: string; words: string }>> = {
  live: { label: "Live", words: "This page changes by itself within a second." },
  connecting: { label: "Connecting", words: "Opening the live channel." },
  offline: {
    label: "Not live",
    words: "The live channel is down. The page is read again every 15 seconds until it is back.",
  },
};

export function LiveState() {
  const status = useLiveStatus();
  const { label, words } = WORDS[status];
  return (
    <Tooltip label={words} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard too */}
      <span className={classes.state} data-status={status} role="status" tabIndex={0}>
        <span className={classes.dot} aria-hidden /> <span className={classes.label}>{label}</span>
      </span>
    </Tooltip>
  );
}
