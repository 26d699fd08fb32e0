import { Group } from "@visx/group";
import { scaleLinear } from "@visx/scale";
import classes from "@/components/charts/IntervalPlot/IntervalPlot.module.css";
import type { PreparedInterval } from "@/components/charts/IntervalPlot/prepare";

const ROW_HEIGHT = 48;
const BAR = 12;
const TICK = 24;
const ARROW = 5;

interface IntervalMarkProps {
  interval: PreparedInterval | null;
  domain: readonly [number, number];
  ticks: readonly number[];
  width: number;
  label: string;
}

/** One effect on the shared axis: the interval as a bar, the point as a tick on it, zero as a line. */
export function IntervalMark({ interval, domain, ticks, width, label }: IntervalMarkProps) {
  const x = scaleLinear<number>({ domain: [...domain], range: [0, width] });
  return (
    <svg className={classes.row} width={width} height={ROW_HEIGHT} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <line
          key={tick}
          className={tick === 0 ? classes.zero : classes.grid}
          x1={x(tick)}
          x2={x(tick)}
          y2={ROW_HEIGHT}
        />
      ))}
      {/* Before the width is known a bar would start at nought and fly to its place. */}
      {interval && width > 0 ? <Bar interval={interval} x={x} /> : null}
    </svg>
  );
}

function Bar({ interval, x }: { interval: PreparedInterval; x: (value: number) => number }) {
  const [from, to] = [x(interval.from), x(interval.to)];
  const middle = ROW_HEIGHT / 2;
  return (
    <Group top={middle} className={classes.mark} data-tone={interval.tone} data-settling={interval.settling}>
      <rect
        className={classes.bar}
        x={from}
        y={-BAR / 2}
        width={Math.max(2, to - from)}
        height={BAR}
        rx={BAR / 2}
      />
      {interval.cutLow ? <Arrow at={from} direction={-1} /> : null}
      {interval.cutHigh ? <Arrow at={to} direction={1} /> : null}
      <rect
        className={classes.point}
        x={x(interval.point) - 1.5}
        y={-TICK / 2}
        width={3}
        height={TICK}
        rx={1.5}
      />
    </Group>
  );
}

function Arrow({ at, direction }: { at: number; direction: 1 | -1 }) {
  const tip = at + direction * 1;
  const back = at - direction * ARROW;
  return <path className={classes.arrow} d={`M${back},${-ARROW} L${tip},0 L${back},${ARROW}`} />;
}
