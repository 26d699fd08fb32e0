import { Panel } from "@/components/Panel/Panel";
import { PanelEmpty } from "@/components/states/PanelStates";
import classes from "@/features/experiments/components/CountedPanel.module.css";
import { type Counted, countedOf, type Exclusion, strayRows } from "@/features/experiments/model/exclusions";
import { formatCount, plural } from "@/lib/numbers";

interface CountedPanelProps {
  metrics: readonly { id: string; name: string }[];
  exclusions: readonly Exclusion[];
}

/** What the effects are made of: how many outcomes count, and why the others do not. */
export function CountedPanel({ metrics, exclusions }: CountedPanelProps) {
  const stray = strayRows(exclusions);
  return (
    <Panel title="What was counted" note="Every outcome that came is in one of these groups; they add up.">
      {metrics.length === 0 ? (
        <PanelEmpty title="No outcome is compared yet.">
          Each outcome that comes is listed here: counted, or left out and why.
        </PanelEmpty>
      ) : (
        <dl className={classes.list}>
          {metrics.map((metric) => (
            <Row key={metric.id} name={metric.name} counted={countedOf(exclusions, metric.id)} />
          ))}
        </dl>
      )}
      {stray.length > 0 ? <p className={classes.stray}>Besides: {stray.join(", ")}.</p> : null}
    </Panel>
  );
}

function Row({ name, counted }: { name: string; counted: Counted }) {
  const share = counted.total > 0 ? counted.used / counted.total : 0;
  return (
    <div className={classes.row}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.figures}>
        <div className={classes.summary}>{summaryOf(counted)}</div>
        <div className={classes.bar} aria-hidden>
          <div className={classes.used} style={{ inlineSize: `${share * 100}%` }} />
        </div>
        {counted.leftOut.length + counted.oddities.length > 0 ? (
          <ul className={classes.reasons}>
            {counted.leftOut.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
            {counted.oddities.map((oddity) => (
              <li key={oddity}>Among all: {oddity}</li>
            ))}
          </ul>
        ) : null}
      </dd>
    </div>
  );
}

function summaryOf({ used, total }: Counted): string {
  if (total === 0) return "No outcome has come yet.";
  if (used === total)
    return used === 1 ? "The one outcome counts." : `All ${formatCount(used)} outcomes count.`;
  return `${formatCount(used)} of ${plural(total, "outcome")} count.`;
}
