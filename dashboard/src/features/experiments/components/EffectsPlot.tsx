import { useElementSize } from "@mantine/hooks";
import { IntervalAxis } from "@/components/charts/IntervalPlot/IntervalAxis";
import { IntervalMark } from "@/components/charts/IntervalPlot/IntervalMark";
import {
  type PreparedGroup,
  type PreparedInterval,
  prepareIntervals,
} from "@/components/charts/IntervalPlot/prepare";
import { ticksFor } from "@/components/charts/IntervalPlot/ticks";
import { LiveFigure } from "@/components/figures/LiveFigure";
import classes from "@/features/experiments/components/EffectsPlot.module.css";
import type { AxisGroup, EffectRowView, MetricView } from "@/features/experiments/model/plot";

interface EffectsPlotProps {
  groups: readonly AxisGroup[];
  /** Ids of the variants that were rolled back. */
  stopped: ReadonlySet<string>;
}

/** All effects of an experiment, one row an arm, on axes whose zeros stand in one line. */
export default function EffectsPlot({ groups, stopped }: EffectsPlotProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const prepared = prepareIntervals(
    groups.map((group) => ({
      key: group.key,
      rows: group.metrics.flatMap((view) => view.rows.flatMap((row) => row.interval ?? [])),
    })),
  );
  return (
    <div className={classes.plot}>
      <div className={classes.ruler} aria-hidden>
        <div ref={ref} className={classes.chart} />
      </div>
      {groups.map((group, index) => {
        const drawn = prepared[index];
        return drawn ? (
          <Group key={group.key} group={group} drawn={drawn} width={width} stopped={stopped} />
        ) : null;
      })}
    </div>
  );
}

interface GroupProps {
  stopped: ReadonlySet<string>;
  group: AxisGroup;
  drawn: PreparedGroup;
  width: number;
}

function Group({ group, drawn, width, stopped }: GroupProps) {
  const ticks = ticksFor(drawn.domain, width);
  const interval = (row: EffectRowView) => drawn.rows.find((candidate) => candidate.key === row.key) ?? null;
  return (
    <div className={classes.group}>
      {group.metrics.map((view) => (
        <div key={view.metric.id}>
          <MetricHeading view={view} />
          {view.rows.map((row) => (
            <EffectRow
              key={row.key}
              row={row}
              view={view}
              isStopped={stopped.has(row.variantId)}
              interval={interval(row)}
              domain={drawn.domain}
              ticks={ticks}
              width={width}
            />
          ))}
        </div>
      ))}
      <div className={classes.axisRow}>
        <div className={classes.chart}>
          <IntervalAxis domain={drawn.domain} ticks={ticks} width={width} format={group.tick} />
        </div>
        <span className={classes.axisTitle}>{group.axis}</span>
      </div>
    </div>
  );
}

const WANTED = { increase: "more is better", decrease: "less is better" } as const;

function MetricHeading({ view: { metric, settled } }: { view: MetricView }) {
  return (
    <h3 className={classes.metric}>
      {metric.name}
      <span className={classes.about}>
        {metric.role} · {WANTED[metric.direction]} · {settled ? "settled" : "still settling"}
      </span>
    </h3>
  );
}

interface EffectRowProps {
  row: EffectRowView;
  isStopped: boolean;
  view: MetricView;
  interval: PreparedInterval | null;
  domain: readonly [number, number];
  ticks: readonly number[];
  width: number;
}

function EffectRow({ row, isStopped, view, interval, domain, ticks, width }: EffectRowProps) {
  const spoken = row.absence ?? `${row.difference} (${row.bounds}), ${row.n}`;
  return (
    <div className={classes.effect}>
      <span className={classes.arm}>
        {row.variantName}
        {isStopped ? <span className={classes.stopped}>rolled back</span> : null}
      </span>
      <div className={classes.chart}>
        <IntervalMark
          interval={interval}
          domain={domain}
          ticks={ticks}
          width={width}
          label={`${view.metric.name}, ${row.variantName}: ${spoken}`}
        />
      </div>
      <div className={classes.numbers}>
        {row.absence ? <span className={classes.absent}>{row.absence}</span> : <Numbers row={row} />}
        <span className={classes.basis}>
          {row.means} · {row.n}
        </span>
      </div>
    </div>
  );
}

function Numbers({ row }: { row: EffectRowView }) {
  return (
    <LiveFigure value={`${row.difference} ${row.bounds}`}>
      <strong className={classes.difference} data-tone={row.interval?.tone}>
        {row.difference}
      </strong>{" "}
      <span className={classes.bounds}>({row.bounds})</span>
    </LiveFigure>
  );
}
