// The official JavaScript client, unmodified, against the auth service at API_URL.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { test } from "node:test";
import { createClient } from "@supabase/supabase-js";

const { API_URL, PUBLISHABLE_KEY, SECRET_KEY } = process.env;
const PASSWORD = "correct horse 1";
const address = () => `${randomUUID()}@example.com`;
const memory = { auth: { autoRefreshToken: false } };
const visitor = (options = {}) => createClient(API_URL, PUBLISHABLE_KEY, { auth: { ...memory.auth, ...options } });
const administrator = () => createClient(API_URL, SECRET_KEY, memory);

function succeeded({ data, error }) {
  assert.equal(error, null);
  return data;
}

async function newcomer(options) {
  const client = visitor(options);
  const email = address();
  const { session } = succeeded(await client.auth.signUp({ email, password: PASSWORD }));
  return { client, email, session };
}

async function mails(to) {
  const response = await fetch(`${API_URL}/auth/v1/admin/mailbox?to=${to}`, { headers: { apikey: SECRET_KEY } });
  return (await response.json()).messages;
}

function code(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("sign up, sign out, sign in", async () => {
  const { client, email, session } = await newcomer();
  assert.equal(session.user.email, email);
  succeeded({ data: null, ...(await client.auth.signOut()) });
  assert.equal(succeeded(await client.auth.getSession()).session, null);
  const again = succeeded(await client.auth.signInWithPassword({ email, password: PASSWORD }));
  assert.equal(again.user.id, session.user.id);
});

test("errors arrive by their codes", async () => {
  const { email } = await newcomer();
  const client = visitor();
  const wrong = await client.auth.signInWithPassword({ email, password: "wrong" });
  assert.deepEqual([wrong.error.status, wrong.error.code], [400, "invalid_credentials"]);
  const twice = await client.auth.signUp({ email, password: PASSWORD });
  assert.deepEqual([twice.error.status, twice.error.code], [422, "user_already_exists"]);
  const weak = await client.auth.signUp({ email: address(), password: "short" });
  assert.deepEqual([weak.error.name, weak.error.reasons], ["AuthWeakPasswordError", ["length"]]);
});

test("sessions are refreshed and restored", async () => {
  const { client, session } = await newcomer();
  const refreshed = succeeded(await client.auth.refreshSession()).session;
  assert.notEqual(refreshed.refresh_token, session.refresh_token);
  const restored = succeeded(await visitor().auth.setSession(refreshed));
  assert.equal(restored.user.id, session.user.id);
});

test("an unknown refresh token ends the session", async () => {
  const { error } = await visitor().auth.refreshSession({ refresh_token: "unknown" });
  assert.equal(error.code, "refresh_token_not_found");
});

test("claims are verified with the published key", async () => {
  const { client, session } = await newcomer();
  const { claims, header } = succeeded(await client.auth.getClaims());
  assert.deepEqual([claims.sub, claims.role, header.alg], [session.user.id, "authenticated", "ES256"]);
});

test("people change their own account", async () => {
  const { client } = await newcomer();
  const { user } = succeeded(await client.auth.updateUser({ data: { theme: "dark" } }));
  assert.equal(user.user_metadata.theme, "dark");
  const same = await client.auth.updateUser({ password: PASSWORD });
  assert.equal(same.error.code, "same_password");
  assert.equal(succeeded(await client.auth.getUserIdentities()).identities[0].provider, "email");
});

test("guests are anonymous and may become permanent", async () => {
  const client = visitor();
  const guest = succeeded(await client.auth.signInAnonymously({ options: { data: { a: 1 } } }));
  assert.equal(guest.user.is_anonymous, true);
  const email = address();
  const { user } = succeeded(await client.auth.updateUser({ email, password: PASSWORD }));
  assert.deepEqual([user.email, user.is_anonymous, user.id], [email, false, guest.user.id]);
});

test("codes by mail sign in", async () => {
  const client = visitor();
  const email = address();
  succeeded(await client.auth.signInWithOtp({ email }));
  const [mail] = await mails(email);
  const { session } = succeeded(await client.auth.verifyOtp({ email, token: mail.otp, type: "email" }));
  assert.equal(session.user.email, email);
});

test("links lead through PKCE", async () => {
  const { client, email } = await newcomer({ flowType: "pkce" });
  succeeded(await client.auth.signInWithOtp({ email }));
  const [mail] = await mails(email);
  const response = await fetch(mail.link, { redirect: "manual" });
  const target = new URL(response.headers.get("location"));
  const { user } = succeeded(await client.auth.exchangeCodeForSession(target.searchParams.get("code")));
  assert.equal(user.email, email);
});

test("a forgotten password is replaced", async () => {
  const { client, email } = await newcomer();
  succeeded(await client.auth.resetPasswordForEmail(email));
  const [mail] = await mails(email);
  succeeded(await client.auth.verifyOtp({ token_hash: mail.token_hash, type: "recovery" }));
  succeeded(await client.auth.updateUser({ password: "a new password" }));
  succeeded(await visitor().auth.signInWithPassword({ email, password: "a new password" }));
});

test("signing out elsewhere leaves this device", async () => {
  const { client, email } = await newcomer();
  const other = visitor();
  succeeded(await other.auth.signInWithPassword({ email, password: PASSWORD }));
  assert.equal((await client.auth.signOut({ scope: "others" })).error, null);
  succeeded(await client.auth.getUser());
  assert.equal((await other.auth.getUser()).error.name, "AuthSessionMissingError");
});

test("a second factor raises the level", async () => {
  const { client } = await newcomer();
  const factor = succeeded(await client.auth.mfa.enroll({ factorType: "totp", friendlyName: "app" }));
  assert.match(factor.totp.qr_code, /^data:image\/svg\+xml/);
  succeeded(await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code: code(factor.totp.secret) }));
  const { currentLevel } = succeeded(await client.auth.mfa.getAuthenticatorAssuranceLevel());
  assert.equal(currentLevel, "aal2");
  assert.equal(succeeded(await client.auth.mfa.listFactors()).totp.length, 1);
});

test("administrators manage accounts", async () => {
  const { admin } = administrator().auth;
  const email = address();
  const { user } = succeeded(await admin.createUser({ email, password: PASSWORD, email_confirm: true }));
  const listed = succeeded(await admin.listUsers({ page: 1, perPage: 1 }));
  assert.equal(listed.users.length, 1);
  assert.ok(listed.total > 1);
  assert.equal(listed.nextPage, 2);
  const changed = succeeded(await admin.updateUserById(user.id, { app_metadata: { plan: "pro" } }));
  assert.equal(changed.user.app_metadata.plan, "pro");
  const link = succeeded(await admin.generateLink({ type: "magiclink", email }));
  assert.equal(link.properties.verification_type, "magiclink");
  succeeded(await admin.inviteUserByEmail(address()));
  succeeded(await admin.updateUserById(user.id, { ban_duration: "1h" }));
  assert.equal((await visitor().auth.signInWithPassword({ email, password: PASSWORD })).error.code, "user_banned");
  succeeded(await admin.deleteUser(user.id));
  assert.equal((await admin.getUserById(user.id)).error.code, "user_not_found");
});

test("administration is refused to visitors", async () => {
  const { error } = await visitor().auth.admin.listUsers();
  assert.deepEqual([error.status, error.code], [403, "not_admin"]);
});
