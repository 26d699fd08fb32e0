/** A one-time sign-in link carries its token in the fragment, which browsers never send to a server. */
export function tokenHashIn(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("token_hash");
  return token === null || token === "" ? null : token;
}

/** Where to go after signing in: a path of this app only, never another site. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith("/") || /^\/[/\\]/.test(next)) return "/";
  return next;
}

export const USED_LINK = "It was used before, or it is too old. Ask for a new one.";

/** Why a mailed link was refused, in words; the server says it in the fragment that it redirects to. */
export function refusalIn(fragment: string): string | null {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  if (fields.get("error_code") === "otp_expired") return USED_LINK;
  return fields.get("error_description");
}
