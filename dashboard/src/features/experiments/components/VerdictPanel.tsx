import type { ReactNode } from "react";
import { GradeBadge } from "@/components/figures/GradeBadge";
import { LiveFigure } from "@/components/figures/LiveFigure";
import { Sentence } from "@/features/experiments/components/Sentence";
import classes from "@/features/experiments/components/VerdictPanel.module.css";
import type { Verdict } from "@/features/experiments/model/verdict";

interface VerdictPanelProps {
  verdict: Verdict;
  /** What can be done about it: at most one action. */
  action?: ReactNode;
  settling: ReactNode;
}

/** The answer in one sentence, then what to do. */
export function VerdictPanel({ verdict, action, settling }: VerdictPanelProps) {
  const sentence = verdict.headline.map((word) => word.text).join("");
  return (
    <section className={classes.verdict} data-tone={verdict.tone} aria-label="Verdict">
      <div className={classes.words}>
        <h2 className={classes.headline} aria-live="polite">
          <LiveFigure value={sentence}>
            <Sentence words={verdict.headline} />
          </LiveFigure>
        </h2>
        <p className={classes.advice}>{verdict.advice}</p>
        <div className={classes.how}>
          {verdict.grade === null ? null : <GradeBadge grade={verdict.grade} />}
          {settling}
        </div>
      </div>
      {action ? <div className={classes.action}>{action}</div> : null}
    </section>
  );
}
