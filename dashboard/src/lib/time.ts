const STEPS: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number]> = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

/** "3 minutes ago", "in 2 hours", "just now", "in a moment". */
export function relativeTime(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return momentsAway(seconds);
  return relative.format(Math.trunc(seconds / step[1]), step[0]);
}

function momentsAway(seconds: number): string {
  if (Math.abs(seconds) >= 10) return relative.format(Math.trunc(seconds), "second");
  return seconds > 1 ? "in a moment" : "just now";
}

export const exactTime = (at: Date): string => exact.format(at);
