import { expect, test, vi } from "vitest";
import { loadConfig, parseConfig } from "@/lib/config";

const answering = (body: string, status = 200) => vi.fn(async () => new Response(body, { status }));

test("what was set at build time is used without asking anybody", async () => {
  const fetchJson = answering("{}");
  const env = {
    VITE_SUPABASE_URL: "https://x.supabase.co",
    VITE_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_1",
  };
  expect(await loadConfig(env, fetchJson)).toEqual({
    supabaseUrl: "https://x.supabase.co",
    publishableKey: "sb_publishable_1",
  });
  expect(fetchJson).not.toHaveBeenCalled();
});

test("else the file beside the app is read", async () => {
  const body = JSON.stringify({ supabase_url: "http://127.0.0.1:54321", supabase_publishable_key: "k" });
  expect((await loadConfig({}, answering(body))).supabaseUrl).toBe("http://127.0.0.1:54321");
});

test.each([
  [answering("<!doctype html>"), "/config.json is not JSON."],
  [answering("", 404), "/config.json answered 404."],
  [answering('{"supabase_url":"nowhere"}'), "supabase_url is missing or is not a URL."],
])("a file that can't be used is named with its fault", async (fetchJson, words) => {
  await expect(loadConfig({}, fetchJson)).rejects.toThrow(words);
});

test("a key is needed too", () => {
  expect(() => parseConfig({ supabase_url: "http://a.test" })).toThrow(
    "supabase_publishable_key is missing.",
  );
});
