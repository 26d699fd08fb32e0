import type { RealtimeChannel } from "@supabase/supabase-js";
import type { UpshotClient } from "@/lib/supabase";

export type LiveStatus = "connecting" | "live" | "offline";

/** `resync` means: events may have been missed, read again. */
export type LiveEvent = { type: "changed"; payload: Record<string, unknown> } | { type: "resync" };

type Listener = (event: LiveEvent) => void;

interface Topic {
  channel: RealtimeChannel;
  listeners: Set<Listener>;
  status: LiveStatus;
  attempt: number;
  timer: ReturnType<typeof setTimeout> | null;
}

const RELEASE_AFTER_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** One private channel a topic, shared by its listeners; joins again when the server closes it. */
export class LiveHub {
  readonly #client: UpshotClient;
  readonly #topics = new Map<string, Topic>();
  readonly #watchers = new Set<() => void>();

  constructor(client: UpshotClient) {
    this.#client = client;
  }

  subscribe(name: string, listener: Listener): () => void {
    const topic = this.#topics.get(name) ?? this.#open(name);
    topic.listeners.add(listener);
    return () => {
      topic.listeners.delete(listener);
      // A page that is left is often entered again at once; the channel is kept for that long.
      setTimeout(() => this.#releaseIfUnused(name), RELEASE_AFTER_MS);
    };
  }

  watchStatus = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  status = (): LiveStatus => {
    const statuses = [...this.#topics.values()].map((topic) => topic.status);
    if (statuses.includes("offline")) return "offline";
    return statuses.length > 0 && statuses.every((status) => status === "live") ? "live" : "connecting";
  };

  #open(name: string): Topic {
    const topic: Topic = {
      channel: this.#channel(name),
      listeners: new Set(),
      status: "connecting",
      attempt: 0,
      timer: null,
    };
    this.#topics.set(name, topic);
    this.#join(name, topic);
    return topic;
  }

  #channel(name: string): RealtimeChannel {
    return this.#client.channel(name, { config: { private: true } });
  }

  #join(name: string, topic: Topic): void {
    const { channel } = topic;
    channel.on("broadcast", { event: "changed" }, (message) =>
      this.#tell(topic, { type: "changed", payload: (message.payload ?? {}) as Record<string, unknown> }),
    );
    channel.subscribe((status) => {
      if (topic.channel !== channel) return;
      if (status === "SUBSCRIBED") this.#joined(topic);
      else if (status === "CLOSED") this.#rejoin(name, topic);
      else this.#setStatus(topic, "offline");
    });
  }

  #joined(topic: Topic): void {
    topic.attempt = 0;
    this.#setStatus(topic, "live");
    this.#tell(topic, { type: "resync" });
  }

  #rejoin(name: string, topic: Topic): void {
    if (this.#topics.get(name) !== topic || topic.timer) return;
    this.#setStatus(topic, "offline");
    const wait = Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** topic.attempt);
    topic.attempt += 1;
    topic.timer = setTimeout(() => {
      topic.timer = null;
      if (this.#topics.get(name) !== topic) return;
      topic.channel = this.#channel(name);
      this.#join(name, topic);
    }, wait);
  }

  #releaseIfUnused(name: string): void {
    const topic = this.#topics.get(name);
    if (!topic || topic.listeners.size > 0) return;
    this.#topics.delete(name);
    if (topic.timer) clearTimeout(topic.timer);
    void this.#client.removeChannel(topic.channel);
    this.#notify();
  }

  #setStatus(topic: Topic, status: LiveStatus): void {
    if (topic.status === status) return;
    topic.status = status;
    this.#notify();
  }

  #tell(topic: Topic, event: LiveEvent): void {
    for (const listener of topic.listeners) listener(event);
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
