import { ChevronRight } from "lucide-react";
import { Link } from "react-router";
import classes from "@/features/experiments/components/AnswerList.module.css";
import { Sentence } from "@/features/experiments/components/Sentence";
import { StateBadge } from "@/features/experiments/components/StateBadge";
import { srmWarning } from "@/features/experiments/model/srm";
import type { Answer } from "@/features/experiments/model/types";
import { type Verdict, verdictOf } from "@/features/experiments/model/verdict";
import { plural } from "@/lib/numbers";

interface AnswerListProps {
  answers: readonly Answer[];
  base: string;
  search: string;
}

export function AnswerList({ answers, base, search }: AnswerListProps) {
  return (
    <ul className={classes.list}>
      {answers.map((answer) => (
        <li key={answer.experiment.id}>
          <Link className={classes.row} to={`${base}/${encodeURIComponent(answer.experiment.key)}${search}`}>
            <AnswerLine answer={answer} />
            <ChevronRight size={16} className={classes.chevron} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function AnswerLine({ answer }: { answer: Answer }) {
  const warning = srmWarning(answer.health, answer.arms);
  return (
    <div className={classes.words}>
      <div className={classes.name}>
        {answer.experiment.name} <StateBadge state={answer.experiment.state} />
      </div>
      {warning ? (
        <p className={classes.sentence} data-tone="warning">
          Don't read this yet: the split is not as planned.
        </p>
      ) : (
        <Judged verdict={verdictOf(answer)} />
      )}
      <p className={classes.about}>
        {answer.experiment.capability.name} · {plural(answer.health?.subjects ?? 0, "customer")}
      </p>
    </div>
  );
}

function Judged({ verdict }: { verdict: Verdict }) {
  return (
    <p className={classes.sentence} data-tone={verdict.tone}>
      <Sentence words={verdict.headline} />
    </p>
  );
}
