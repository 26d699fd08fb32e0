import { AxisBottom } from "@visx/axis";
import { scaleLinear } from "@visx/scale";
import classes from "@/components/charts/IntervalPlot/IntervalPlot.module.css";

const HEIGHT = 26;

interface IntervalAxisProps {
  domain: readonly [number, number];
  ticks: readonly number[];
  width: number;
  format: (value: number, step: number) => string;
}

export function IntervalAxis({ domain, ticks, width, format }: IntervalAxisProps) {
  const x = scaleLinear<number>({ domain: [...domain], range: [0, width] });
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  return (
    <svg className={classes.row} width={width} height={HEIGHT} aria-hidden>
      <AxisBottom
        scale={x}
        tickValues={[...ticks]}
        tickFormat={(value) => format(Number(value), step)}
        tickLength={4}
        axisLineClassName={classes.axisLine}
        tickClassName={classes.axisTick}
        tickLabelProps={(value) => ({
          className: Number(value) === 0 ? classes.zeroLabel : classes.tickLabel,
        })}
      />
    </svg>
  );
}
