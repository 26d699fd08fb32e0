import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coalesce } from "@/lib/coalesce";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a burst of events causes one read, soon", () => {
  const act = vi.fn();
  const reader = coalesce(act, 100, 500);
  for (let i = 0; i < 50; i++) reader.call();
  vi.advanceTimersByTime(100);
  expect(act).toHaveBeenCalledTimes(1);
});

test("a steady stream is read at most once in each interval, and the last event is never lost", () => {
  const act = vi.fn();
  const reader = coalesce(act, 100, 500);
  for (let i = 0; i < 20; i++) {
    reader.call();
    vi.advanceTimersByTime(50);
  }
  const duringStream = act.mock.calls.length;
  vi.advanceTimersByTime(1_000);
  expect(duringStream).toBeLessThanOrEqual(3);
  expect(act.mock.calls.length).toBe(duringStream + 1);
});

test("after cancel nothing is read", () => {
  const act = vi.fn();
  const reader = coalesce(act, 100, 500);
  reader.call();
  reader.cancel();
  vi.advanceTimersByTime(1_000);
  expect(act).not.toHaveBeenCalled();
});
