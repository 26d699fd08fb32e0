import { Tooltip } from "@mantine/core";
import { exactTime, relativeTime } from "@/lib/time";
import { useNow } from "@/lib/useNow";

/** A relative time that says the exact one on hover and on focus. */
export function Moment({ at }: { at: Date }) {
  const now = useNow();
  return (
    <Tooltip label={exactTime(at)} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable by keyboard too */}
      <time dateTime={at.toISOString()} tabIndex={0} style={{ whiteSpace: "nowrap" }}>
        {relativeTime(at, now)}
      </time>
    </Tooltip>
  );
}
