import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LiveEvent, LiveHub } from "@/lib/liveHub";
import type { UpshotClient } from "@/lib/supabase";

type StatusListener = (status: string) => void;

/** Stands for the Realtime client at its border: names, private flag, statuses and broadcasts. */
class FakeChannel {
  status: StatusListener = () => undefined;
  broadcast: (message: { payload: unknown }) => void = () => undefined;
  readonly name: string;
  readonly isPrivate: boolean;

  constructor(name: string, isPrivate: boolean) {
    this.name = name;
    this.isPrivate = isPrivate;
  }

  on(_type: string, _filter: unknown, listener: FakeChannel["broadcast"]) {
    this.broadcast = listener;
    return this;
  }

  subscribe(listener: StatusListener) {
    this.status = listener;
    return this;
  }
}

function setUp() {
  const opened: FakeChannel[] = [];
  const removed: FakeChannel[] = [];
  const client = {
    channel(name: string, options: { config: { private: boolean } }) {
      const channel = new FakeChannel(name, options.config.private);
      opened.push(channel);
      return channel;
    },
    removeChannel: async (channel: FakeChannel) => removed.push(channel),
  };
  const hub = new LiveHub(client as unknown as UpshotClient);
  const heard: LiveEvent[] = [];
  return { hub, opened, removed, heard, hear: (event: LiveEvent) => void heard.push(event) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("listeners of a topic share one private channel, and all hear its hints", () => {
  const { hub, opened, heard, hear } = setUp();
  hub.subscribe("experiment:1", hear);
  hub.subscribe("experiment:1", (event) => hear(event));
  expect(opened.map(({ name, isPrivate }) => [name, isPrivate])).toEqual([["experiment:1", true]]);
  opened[0]?.broadcast({ payload: { changed: [{ kind: "results", ids: ["1"] }] } });
  expect(heard).toEqual(
    Array(2).fill({ type: "changed", payload: { changed: [{ kind: "results", ids: ["1"] }] } }),
  );
});

test("joining, and joining again after a cut, says that events may have been missed", () => {
  const { hub, opened, heard, hear } = setUp();
  hub.subscribe("experiment:1", hear);
  opened[0]?.status("SUBSCRIBED");
  opened[0]?.status("CHANNEL_ERROR");
  expect(hub.status()).toBe("offline");
  opened[0]?.status("SUBSCRIBED");
  expect(hub.status()).toBe("live");
  expect(heard).toEqual([{ type: "resync" }, { type: "resync" }]);
});

test("a channel that the server closed is opened again, later each time", () => {
  const { hub, opened, hear } = setUp();
  hub.subscribe("experiment:1", hear);
  opened[0]?.status("CLOSED");
  vi.advanceTimersByTime(1_000);
  expect(opened).toHaveLength(2);
  opened[1]?.status("CLOSED");
  vi.advanceTimersByTime(1_000);
  expect(opened).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(opened).toHaveLength(3);
});

test("a late word from a channel that was replaced changes nothing", () => {
  const { hub, opened, hear } = setUp();
  hub.subscribe("experiment:1", hear);
  opened[0]?.status("CLOSED");
  vi.advanceTimersByTime(1_000);
  opened[1]?.status("SUBSCRIBED");
  opened[0]?.status("CHANNEL_ERROR");
  expect(hub.status()).toBe("live");
});

test("a channel is kept through a quick return and left after the last listener is gone", () => {
  const { hub, opened, removed, hear } = setUp();
  hub.subscribe("experiment:1", hear)();
  const leave = hub.subscribe("experiment:1", hear);
  vi.advanceTimersByTime(5_000);
  expect([opened.length, removed.length]).toEqual([1, 0]);
  leave();
  vi.advanceTimersByTime(5_000);
  expect(removed).toHaveLength(1);
});

test("the state is live only when every topic is", () => {
  const { hub, opened, hear } = setUp();
  expect(hub.status()).toBe("connecting");
  hub.subscribe("workspace:1", hear);
  hub.subscribe("experiment:1", hear);
  opened[0]?.status("SUBSCRIBED");
  expect(hub.status()).toBe("connecting");
  opened[1]?.status("SUBSCRIBED");
  expect(hub.status()).toBe("live");
});
