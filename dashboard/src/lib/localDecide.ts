/**
 * A local decide: the hash, the audiences and the order of rules as the database has them, over what the verb
 * `ruleset` gives. No imports, so that any JavaScript that has WebCrypto can take this file as it is.
 * Vectors: frontend_contract/fixtures; the reference is docs/reference/decide.md.
 */

export type Purpose = "traffic" | "variant" | "layer" | "holdout";
type Scalar = string | number | boolean;
type Json = Scalar | null | Json[] | { [key: string]: Json };
export type Audience = { [key: string]: Json };

interface Arm {
  key: string;
  is_control: boolean;
  rolled_back: boolean;
  versions: Record<string, string>;
}

interface Rule {
  id: string;
  key: string;
  capability_id: string;
  action_ids: string[] | null;
  intent_ids: string[] | null;
  runs_action_ids: string[] | null;
  unit: "subject" | "conversation";
  salt: string;
  traffic: number;
  audience: Audience | null;
  layer: { id: string; from: number; to: number } | null;
  phase_id: string;
  arm_ids: string[];
  arm_starts: number[];
  arms: Record<string, Arm>;
}

interface Head {
  deployment_id: string;
  capability_id: string;
  action_id: string | null;
  intent_id: string | null;
  version_id: string;
}

export interface Ruleset {
  etag: string;
  holdout: { share: number; salt: string } | null;
  layers: Record<string, string>;
  capabilities: Record<string, { id: string; actions: Record<string, string> }>;
  intents: Record<string, string>;
  experiments: Rule[];
  deployments: Head[];
  versions: Record<string, { version: Json; bundle: Json }>;
}

export interface Call {
  capability: string;
  subject: string;
  action?: string | null;
  conversation?: string | null;
  intent?: string | null;
  attributes?: Record<string, Json>;
}

interface Place {
  capability: string;
  action: string | null;
  intent: string | null;
}

const BUCKETS = 10_000;
const BYTES = 6;

/** The bucket, of 0 to 9999: first 48 bits of SHA-256(salt:purpose:unit) modulo 10,000. */
export async function bucket(salt: string, purpose: Purpose, unitId: string): Promise<number> {
  const text = new TextEncoder().encode(`${salt}:${purpose}:${unitId}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  // 48 bits fit into a number exactly.
  return digest.slice(0, BYTES).reduce((sum, byte) => sum * 256 + byte, 0) % BUCKETS;
}

const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function at(attribute: string, context: Json): Json | undefined {
  let value: Json | undefined = context;
  for (const name of attribute.split(".")) {
    const inside: Json | undefined = value;
    if (inside === null || typeof inside !== "object" || Array.isArray(inside)) return undefined;
    value = Object.hasOwn(inside, name) ? inside[name] : undefined;
  }
  return value;
}

/** Negative, zero or positive, by code point: JavaScript's own comparison is by code unit. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compare(value: Json, wanted: Json): number {
  if (typeof value === "number" && typeof wanted === "number") return value - wanted;
  if (typeof value === "string" && typeof wanted === "string") return compareTexts(value, wanted);
  return Number.NaN;
}

function contains(value: Json, wanted: Json): boolean {
  if (typeof value === "string") return typeof wanted === "string" && value.includes(wanted);
  return Array.isArray(value) && value.some((item) => isScalar(item) && item === wanted);
}

const OPERATORS: Record<string, (value: Json, wanted: Json) => boolean> = {
  eq: (value, wanted) => isScalar(value) && value === wanted,
  in: (value, wanted) => isScalar(value) && Array.isArray(wanted) && wanted.includes(value),
  gt: (value, wanted) => compare(value, wanted) > 0,
  gte: (value, wanted) => compare(value, wanted) >= 0,
  lt: (value, wanted) => compare(value, wanted) < 0,
  lte: (value, wanted) => compare(value, wanted) <= 0,
  contains,
  starts_with: (value, wanted) => typeof value === "string" && value.startsWith(String(wanted)),
};

/** Whether a call is in an audience that the database has accepted; null is everybody. */
export function matches(audience: Audience | null, context: { [key: string]: Json }): boolean {
  if (audience === null) return true;
  if ("not" in audience) return !matches(audience.not as Audience, context);
  if ("all" in audience) return (audience.all as Audience[]).every((rule) => matches(rule, context));
  if ("any" in audience) return (audience.any as Audience[]).some((rule) => matches(rule, context));
  const value = at(String(audience.attribute), context) ?? null;
  const [operator, wanted] = Object.entries(audience).find(([name]) => name !== "attribute") ?? ["", null];
  if (operator === "exists") return (value !== null) === wanted;
  return value !== null && (OPERATORS[operator]?.(value, wanted) ?? false);
}

function named(kind: string, key: string | null | undefined, ids: Record<string, string>): string | null {
  if (key === null || key === undefined) return null;
  const id = Object.hasOwn(ids, key) ? ids[key] : undefined;
  if (id === undefined) throw new RangeError(`There is no ${kind} ${key} in this workspace.`);
  return id;
}

const isIn = (id: string | null, ids: string[] | null) => ids === null || (id !== null && ids.includes(id));

function covers(rule: Rule, place: Place, context: { [key: string]: Json }): boolean {
  return (
    rule.capability_id === place.capability &&
    isIn(place.action, rule.action_ids) &&
    isIn(place.intent, rule.intent_ids) &&
    isIn(place.action, rule.runs_action_ids) &&
    matches(rule.audience, context)
  );
}

async function draws(ruleset: Ruleset, rule: Rule, subject: string, unit: string): Promise<boolean> {
  if (rule.layer !== null) {
    const slot = await bucket(ruleset.layers[rule.layer.id] ?? "", "layer", subject);
    if (slot < rule.layer.from || slot >= rule.layer.to) return false;
  }
  return (await bucket(rule.salt, "traffic", unit)) < rule.traffic;
}

async function experimentAnswer(ruleset: Ruleset, rule: Rule, unit: string, place: Place) {
  const drawn = await bucket(rule.salt, "variant", unit);
  const armId = rule.arm_ids[rule.arm_starts.findLastIndex((start) => start <= drawn)] ?? "";
  const arm = rule.arms[armId];
  if (arm === undefined)
    throw new RangeError(`The experiment ${rule.key} has no arm for the bucket ${drawn}.`);
  const versionId = (place.action && arm.versions[place.action]) || arm.versions["*"] || "";
  return {
    experiment: { id: rule.id, key: rule.key },
    variant: { id: armId, key: arm.key, is_control: arm.is_control },
    phase_id: rule.phase_id,
    ...ruleset.versions[versionId],
    deployment_id: null,
    reason: arm.rolled_back ? "variant_rolled_back" : "assigned",
  };
}

const specificity = (head: Head) => (head.action_id === null ? 0 : 2) + (head.intent_id === null ? 0 : 1);

function deploymentAnswer(ruleset: Ruleset, place: Place, reason: string) {
  const [head] = ruleset.deployments
    .filter((one) => one.capability_id === place.capability)
    .filter((one) => one.action_id === null || one.action_id === place.action)
    .filter((one) => one.intent_id === null || one.intent_id === place.intent)
    .sort((a, b) => specificity(b) - specificity(a));
  if (head === undefined) return null;
  const nothing = { experiment: null, variant: null, phase_id: null };
  return { ...nothing, deployment_id: head.deployment_id, ...ruleset.versions[head.version_id], reason };
}

function placeOf(ruleset: Ruleset, call: Call): Place {
  const ids = Object.entries(ruleset.capabilities).map(([key, { id }]) => [key, id]);
  const capability = named("capability", call.capability, Object.fromEntries(ids)) ?? "";
  const actions = ruleset.capabilities[call.capability]?.actions ?? {};
  const intent = named("intent", call.intent, ruleset.intents);
  return { capability, action: named("action", call.action, actions), intent };
}

/**
 * The answer of decide for a unit that has no arm yet, without assignment_id and with the phase_id for
 * record_exposures; null when nothing is live. Throws RangeError for a name that the workspace does not have.
 */
export async function decide(ruleset: Ruleset, call: Call) {
  const { subject, conversation = null, action = null, intent = null, attributes } = call;
  const place = placeOf(ruleset, call);
  const context = { ...attributes, call: { subject, conversation, action, intent } };
  const { holdout } = ruleset;
  if (holdout !== null && (await bucket(holdout.salt, "holdout", subject)) < holdout.share) {
    return deploymentAnswer(ruleset, place, "holdout");
  }
  for (const rule of ruleset.experiments) {
    const unit = rule.unit === "conversation" ? conversation : subject;
    if (unit === null || !covers(rule, place, context)) continue;
    if (await draws(ruleset, rule, subject, unit)) return experimentAnswer(ruleset, rule, unit, place);
  }
  return deploymentAnswer(ruleset, place, "live_deployment");
}
