import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { AppConfig } from "@/lib/config";
import type { Database } from "@/lib/database";

export type UpshotClient = SupabaseClient<Database>;

export function createUpshotClient(config: AppConfig): UpshotClient {
  return createClient<Database>(config.supabaseUrl, config.publishableKey, {
    // Supabase's own mails end at a URL that carries the session; our one-time links are redeemed by SignInByLink.
    auth: { detectSessionInUrl: true, persistSession: true, autoRefreshToken: true },
  });
}
