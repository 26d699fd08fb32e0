import { expect, test } from "vitest";
import { relativeTime } from "@/lib/time";

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
  [-5, "in a moment"],
  [-1, "just now"],
])("%i seconds back reads %s", (seconds, words) => {
  expect(relativeTime(ago(seconds), now)).toBe(words);
});
