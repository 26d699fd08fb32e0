import { expect, test } from "vitest";
import { intervalSeconds, relativeTime } from "@/lib/time";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [3, "just now"],
  [42, "42 seconds ago"],
  [61, "1 minute ago"],
  [3_599, "59 minutes ago"],
  [7_300, "2 hours ago"],
  [86_400, "yesterday"],
  [-7_200, "in 2 hours"],
])("%i seconds back reads %s", (seconds, words) => {
  expect(relativeTime(ago(seconds), now)).toBe(words);
});

test.each([
  ["7 days", 604_800],
  ["1 day 02:00:00", 93_600],
  ["00:30:00", 1_800],
  ["36:00:00", 129_600],
  ["1 mon", null],
  ["", null],
  [null, null],
])("the interval %s is %s seconds", (text, seconds) => {
  expect(intervalSeconds(text)).toBe(seconds);
});
