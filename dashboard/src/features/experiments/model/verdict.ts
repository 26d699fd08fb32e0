import { whatItNeeds } from "@/features/experiments/model/needs";
import type { Answer, Arm, Effect, Estimate, Experiment, Metric } from "@/features/experiments/model/types";
import {
  betweenText,
  differenceText,
  intervalText,
  type Scale,
  scaleOfEffects,
} from "@/features/experiments/model/units";
import { plural } from "@/lib/numbers";

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

const say = (...words: Array<string | Words>): Words[] =>
  words.map((word) => (typeof word === "string" ? { text: word } : word));
const strong = (text: string): Words => ({ text, strong: true });
const name = (metric: Metric): Words => ({ text: metric.name, name: true });

/** The sentence that a person could repeat in a meeting. */
export function verdictOf(answer: Answer): Verdict {
  const { experiment, arms } = answer;
  if (experiment.state === "draft" || experiment.state === "in_review") return notStarted(experiment);
  const primary = answer.effects.map(judgedNumbers).filter((effect) => effect.metric.role === "primary");
  if (primary.length === 0) return noPrimaryMetric();
  const live = primary.filter((effect) => !isRolledBack(arms, effect.variantId));
  if (live.length === 0) return allRolledBack(primary, arms);
  const decided = live.filter(hasEstimate);
  if (decided.length === 0) return notEnoughData(answer);
  const verdict = judged(answer, decided);
  return decided.some((effect) => effect.estimate.soFar) ? soFar(verdict) : verdict;
}

type Estimated = Effect & { estimate: Estimate };

/** The numbers that the verdict is of: those of closed windows, once they are judged. */
function judgedNumbers(effect: Effect): Effect {
  if (!effect.estimate?.settled) return effect;
  const { nControl, nVariant, ...numbers } = effect.estimate.settled;
  return { ...effect, nControl, nVariant, estimate: { ...effect.estimate, ...numbers } };
}
const hasEstimate = (effect: Effect): effect is Estimated => effect.estimate !== null;

function isRolledBack(arms: readonly Arm[], variantId: string): boolean {
  return arms.some((arm) => arm.id === variantId && arm.rolledBackAt !== null);
}

/** Gain in the direction that the business wants. */
function gain(effect: Estimated): number {
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
    advice: harm
      ? `Look before you ship: ${harm}.`
      : otherArms(answer, effect, effect.estimate.soFar ? "Don't ship it yet." : "Ship it."),
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

/** Numbers that may still turn: a variant whose outcomes only come later looks worse until the windows are closed. */
function soFar(verdict: Verdict): Verdict {
  const hint = "The verdict waits until enough customers have had their whole time for an outcome.";
  return { ...verdict, headline: say("So far: ", ...verdict.headline), advice: `${verdict.advice} ${hint}` };
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
    .map(judgedNumbers)
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
  too_early: "Each arm needs twenty customers before anything can be said.",
  no_value: "A ratio has nothing to divide by yet.",
  out_of_range: "The values are too large to compute with.",
  zero_variance: "All outcomes are equal so far, so there is no spread to judge by.",
  kind_not_supported: "This kind of metric is not compared yet.",
  not_computed_yet: "It is being computed.",
  too_large: "There are more values than are sorted.",
  sample_ratio_mismatch: "The split between the arms is not as planned, so no verdict is given.",
};

/** Why a number is absent, in words; an unknown code is shown as it is. */
export function reasonText(code: string | null): string {
  if (code === null) return TOO_FEW;
  return REASONS[code] ?? `The reason given is ${code.replaceAll("_", " ")}.`;
}
