/** Where the Supabase project is: from the build (Vercel) or from /config.json beside the app (one build, any project). */
export interface AppConfig {
  supabaseUrl: string;
  publishableKey: string;
}

export class ConfigError extends Error {}

interface BuildEnv {
  VITE_SUPABASE_URL?: string;
  VITE_SUPABASE_PUBLISHABLE_KEY?: string;
}

export async function loadConfig(env: BuildEnv, fetchJson: typeof fetch = fetch): Promise<AppConfig> {
  if (env.VITE_SUPABASE_URL && env.VITE_SUPABASE_PUBLISHABLE_KEY) {
    return { supabaseUrl: env.VITE_SUPABASE_URL, publishableKey: env.VITE_SUPABASE_PUBLISHABLE_KEY };
  }
  return parseConfig(await readConfigFile(fetchJson));
}

async function readConfigFile(fetchJson: typeof fetch): Promise<unknown> {
  const answer = await fetchJson("/config.json", { cache: "no-store" });
  if (!answer.ok) throw new ConfigError(`/config.json answered ${answer.status}.`);
  try {
    return await answer.json();
  } catch {
    throw new ConfigError("/config.json is not JSON.");
  }
}

export function parseConfig(value: unknown): AppConfig {
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const supabaseUrl = fields.supabase_url;
  const publishableKey = fields.supabase_publishable_key;
  if (typeof supabaseUrl !== "string" || !URL.canParse(supabaseUrl)) {
    throw new ConfigError("supabase_url is missing or is not a URL.");
  }
  if (typeof publishableKey !== "string" || publishableKey === "") {
    throw new ConfigError("supabase_publishable_key is missing.");
  }
  return { supabaseUrl, publishableKey };
}
