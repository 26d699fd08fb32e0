import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { AppConfig } from "@/lib/config";
import type { Database } from "@/lib/database";

export type UpshotClient = SupabaseClient<Database>;

export function createUpshotClient(config: AppConfig): UpshotClient {
  return createClient<Database>(config.supabaseUrl, config.publishableKey, {
    auth: { detectSessionInUrl: false, persistSession: true, autoRefreshToken: true },
  });
}
