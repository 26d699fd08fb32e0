import type {
  Answer,
  Arm,
  Effect,
  Estimate,
  Experiment,
  Health,
  Metric,
} from "@/features/experiments/model/types";
import {
  betweenText,
  differenceText,
  estimateDecimals,
  intervalText,
  type Scale,
  scaleOfEffects,
} from "@/features/experiments/model/units";
import { formatNumber, formatP, formatShare, plural } from "@/lib/numbers";

export type Tone = "good" | "bad" | "undecided" | "waiting";

/** A run of the verdict sentence; `strong` runs name the thing that is judged. */
export interface Words {
  text: string;
  strong?: boolean;
  /** A name of a metric, set apart from the sentence around it. */
  name?: boolean;
}

export interface Verdict {
  tone: Tone;
  headline: Words[];
  /** What to do, or what to wait for. */
  advice: string;
  grade: string | null;
  /** The arm that the sentence is about, when one can be acted on. */
  variantKey: string | null;
}

export interface SrmWarning {
  sentence: string;
  causes: string[];
}

const say = (...words: Array<string | Words>): Words[] =>
  words.map((word) => (typeof word === "string" ? { text: word } : word));
const strong = (text: string): Words => ({ text, strong: true });
const name = (metric: Metric): Words => ({ text: metric.name, name: true });

/** The sentence that a person could repeat in a meeting. */
export function verdictOf(answer: Answer): Verdict {
  const { experiment, arms } = answer;
  if (experiment.state === "draft" || experiment.state === "in_review") return notStarted(experiment);
  const primary = answer.effects.filter((effect) => effect.metric.role === "primary");
  if (primary.length === 0) return noPrimaryMetric();
  const live = primary.filter((effect) => !isRolledBack(arms, effect.variantId));
  if (live.length === 0) return allRolledBack(primary, arms);
  const decided = live.filter(hasEstimate);
  if (decided.length === 0) return notEnoughData(answer);
  return judged(answer, decided);
}

type Estimated = Effect & { estimate: Estimate };
const hasEstimate = (effect: Effect): effect is Estimated => effect.estimate !== null;

function isRolledBack(arms: readonly Arm[], variantId: string): boolean {
  return arms.some((arm) => arm.id === variantId && arm.rolledBackAt !== null);
}

/** Gain in the direction that the business wants. */
export function gain(effect: Estimated): number {
  return effect.metric.direction === "increase" ? effect.estimate.difference : -effect.estimate.difference;
}

function judged(answer: Answer, effects: Estimated[]): Verdict {
  const best = pick(effects, "better", (a, b) => gain(b) - gain(a));
  if (best) return winner(answer, best);
  const worst = pick(effects, "worse", (a, b) => gain(a) - gain(b));
  if (worst) return loser(answer, worst, effects);
  if (effects.every((effect) => effect.estimate.verdict === null)) return withheld(effects);
  return undecided(answer, effects);
}

function pick(effects: Estimated[], verdict: string, order: (a: Estimated, b: Estimated) => number) {
  return effects.filter((effect) => effect.estimate.verdict === verdict).sort(order)[0];
}

function winner(answer: Answer, effect: Estimated): Verdict {
  const harm = harmed(answer, effect.variantId);
  return {
    tone: "good",
    headline: effectSentence(effect),
    advice: harm ? `Look before you ship: ${harm}.` : otherArms(answer, effect, "Ship it."),
    grade: effect.grade,
    variantKey: effect.variantKey,
  };
}

function loser(answer: Answer, effect: Estimated, effects: Estimated[]): Verdict {
  const others = effects.length > 1 ? " No other arm is better than the control." : "";
  return {
    tone: "bad",
    headline: effectSentence(effect),
    advice: `${answer.experiment.state === "active" ? "Roll it back." : "Don't ship it."}${others}`,
    grade: effect.grade,
    variantKey: effect.variantKey,
  };
}

function withheld(effects: Estimated[]): Verdict {
  return {
    tone: "waiting",
    headline: say(strong("No verdict"), ": these numbers may not be believed."),
    advice: reasonText(effects[0]?.reason ?? null),
    grade: null,
    variantKey: null,
  };
}

function undecided(answer: Answer, effects: Estimated[]): Verdict {
  const narrowest = [...effects].sort((a, b) => width(a.estimate) - width(b.estimate))[0] ?? effects[0];
  if (!narrowest) return notEnoughData(answer);
  const scale = scaleOf(answer.effects, narrowest);
  return {
    tone: "undecided",
    headline: say(
      strong("Undecided"),
      `: ${effects.length > 1 ? `for ${narrowest.variantName} ` : ""}the difference in `,
      name(narrowest.metric),
      ` is between ${betweenText(narrowest.estimate, scale)}.`,
    ),
    advice: whatItNeeds(answer, narrowest, scale),
    grade: narrowest.grade,
    variantKey: null,
  };
}

const width = (estimate: Estimate): number => estimate.high - estimate.low;

function scaleOf(effects: readonly Effect[], effect: Effect): Scale {
  return scaleOfEffects(effects.filter((other) => other.metric.id === effect.metric.id));
}

/** "**Shorter greeting** raises Booked calls: +3.1 points (1.2 to 5.0)." */
function effectSentence(effect: Estimated): Words[] {
  const verb = effect.estimate.difference > 0 ? "raises" : "lowers";
  const scale = scaleOfEffects([effect]);
  const numbers = `${differenceText(effect.estimate, scale)} ${intervalText(effect.estimate, scale)}`;
  return say(strong(effect.variantName), ` ${verb} `, name(effect.metric), `: ${numbers}.`);
}

function harmed(answer: Answer, variantId: string): string | null {
  const worse = answer.effects
    .filter(hasEstimate)
    .filter((effect) => effect.variantId === variantId && effect.metric.role !== "primary")
    .filter((effect) => effect.estimate.verdict === "worse");
  if (worse.length === 0) return null;
  return worse
    .map((effect) => {
      const scale = scaleOf(answer.effects, effect);
      return `${effect.metric.name} moved ${differenceText(effect.estimate, scale)} ${intervalText(effect.estimate, scale)}, the wrong way`;
    })
    .join("; ");
}

function otherArms(answer: Answer, lead: Estimated, advice: string): string {
  const worse = answer.effects
    .filter(hasEstimate)
    .filter((effect) => effect.metric.id === lead.metric.id && effect.estimate.verdict === "worse")
    .filter((effect) => !isRolledBack(answer.arms, effect.variantId));
  const first = worse[0];
  if (!first || answer.experiment.state !== "active") return advice;
  return `${advice} Roll back ${worse.map((effect) => effect.variantName).join(" and ")}: worse than the control.`;
}

function notStarted(experiment: Experiment): Verdict {
  return {
    tone: "waiting",
    headline: say(
      strong("Not started"),
      `: ${experiment.name} is ${experiment.state === "draft" ? "a draft" : "in review"}.`,
    ),
    advice: "The answer appears here once it is active and customers are assigned.",
    grade: null,
    variantKey: null,
  };
}

function noPrimaryMetric(): Verdict {
  return {
    tone: "waiting",
    headline: say(strong("No answer yet"), ": this experiment has no primary metric."),
    advice: "Give it one outcome metric in the role primary; the verdict is about that metric alone.",
    grade: null,
    variantKey: null,
  };
}

function allRolledBack(primary: Effect[], arms: readonly Arm[]): Verdict {
  const names = arms.filter((arm) => arm.rolledBackAt !== null).map((arm) => arm.name);
  const before = primary.filter(hasEstimate).map((effect) => {
    const scale = scaleOfEffects([effect]);
    return `${effect.variantName} had moved ${effect.metric.name} by ${differenceText(effect.estimate, scale)} ${intervalText(effect.estimate, scale)}`;
  });
  return {
    tone: "waiting",
    headline: say("Rolled back ", strong(names.join(" and ")), ": every customer gets the control."),
    advice:
      before.length > 0
        ? `Until then ${before.join("; ")}.`
        : "Nothing was measured before it was rolled back.",
    grade: null,
    variantKey: null,
  };
}

function notEnoughData({ health, effects }: Answer): Verdict {
  if (!health || health.subjects === 0) {
    return {
      tone: "waiting",
      headline: say(strong("Waiting"), " for the first customer."),
      advice: "Each call of decide assigns one. Nothing has called it for this experiment yet.",
      grade: null,
      variantKey: null,
    };
  }
  return {
    tone: "waiting",
    headline: say(
      strong("Not enough data yet"),
      `: ${plural(health.subjects, "customer")} assigned, and the difference can't be computed.`,
    ),
    advice: reasonText(effects.find((effect) => effect.metric.role === "primary")?.reason ?? null),
    grade: null,
    variantKey: null,
  };
}

const TOO_FEW = "Each arm needs at least two customers with an outcome.";

const REASONS: Readonly<Record<string, string>> = {
  no_subjects: "No customer with an outcome yet.",
  too_few_subjects: TOO_FEW,
  zero_variance: "All outcomes are equal so far, so there is no spread to judge by.",
  kind_not_supported: "This kind of metric is not compared yet.",
  sample_ratio_mismatch: "The split between the arms is not as planned, so no verdict is given.",
};

/** Why a number is absent, in words; an unknown code is shown as it is. */
export function reasonText(code: string | null): string {
  if (code === null) return TOO_FEW;
  return REASONS[code] ?? `The reason given is ${code.replaceAll("_", " ")}.`;
}

/** The next difference worth waiting for, as a share of what can be told apart now. */
const DETECTABLE = 0.7;
const NICE = [8, 6, 5, 4, 3, 2, 1.5, 1];

/** How much more traffic would tell a smaller difference apart, said in customers and, at a known pace, in days. */
function whatItNeeds(answer: Answer, effect: Estimated, scale: Scale): string {
  const halfWidth = width(effect.estimate) / 2;
  const target = niceBelow(halfWidth * scale.factor * DETECTABLE) / scale.factor;
  const n = effect.nControl + effect.nVariant;
  const more = Math.ceil(n * ((halfWidth / target) ** 2 - 1));
  const decimals = Math.min(estimateDecimals(effect.estimate, scale) + 1, 4);
  const size = formatNumber(target * scale.factor, trimmed(target * scale.factor, decimals));
  const days = daysFor(more, n, answer.experiment, answer.health);
  const need =
    days === null ? `about ${plural(roundUp(more), "more customer")}` : `about ${plural(days, "more day")}`;
  return `${days === null ? "A" : "At today's traffic a"} ${size}${differenceUnit(scale)} difference needs ${need}.`;
}

function differenceUnit(scale: Scale): string {
  return scale.differenceSuffix.endsWith("points") ? "-point" : scale.differenceSuffix;
}

function trimmed(value: number, decimals: number): number {
  for (let d = 0; d < decimals; d++) if (Math.abs(value - Number(value.toFixed(d))) < 1e-9) return d;
  return decimals;
}

function niceBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (NICE.find((nice) => nice <= lead) ?? 1) * power;
}

function roundUp(count: number): number {
  if (count < 100) return count;
  const power = 10 ** (Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / power) * power;
}

function daysFor(more: number, n: number, experiment: Experiment, health: Health | null): number | null {
  if (experiment.state !== "active" || !health?.firstAssignedAt || !health.lastAssignedAt) return null;
  const days = (health.lastAssignedAt.getTime() - health.firstAssignedAt.getTime()) / 86_400_000;
  return days < 1 ? null : Math.ceil((more / n) * days);
}

/** Of arms that are equally far off, the control is named: it is the one that people know. */
function furthestFromPlan(arms: readonly Arm[]): Arm | undefined {
  const gap = (arm: Arm) => Math.round(Math.abs((arm.share ?? 0) - arm.expectedShare) * 1e6);
  return arms
    .filter((arm) => arm.share !== null)
    .sort((a, b) => gap(b) - gap(a) || Number(b.isControl) - Number(a.isControl))[0];
}

/** What must be read before the verdict: the arms did not get the shares that were planned. */
export function srmWarning(health: Health | null, arms: readonly Arm[]): SrmWarning | null {
  if (health?.srmStatus !== "mismatch") return null;
  const off = furthestFromPlan(arms);
  const p = health.srmPValue === null ? "" : ` (${formatP(health.srmPValue)})`;
  const shares = off
    ? `${formatShare(off.share ?? 0)} of customers got ${off.isControl ? "the control" : off.name} where ${formatShare(off.expectedShare)} were planned${p}`
    : `the arms did not get the shares that were planned${p}`;
  return {
    sentence: `Don't read this yet: ${shares}. Two likely causes are below.`,
    causes: [
      "Some customers are lost in one arm only: a timeout or an error there before the outcome is recorded, or a caller that skips decide for some of them.",
      "The weights or the traffic were changed while it ran, or bots and tests entered it with subject ids of their own.",
    ],
  };
}
