import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Panel } from "@/components/Panel/Panel";
import { PanelEmpty, PanelLoading, PanelNotEnoughData } from "@/components/states/PanelStates";
import { type PlotScale, prepareEffects, settlesAt } from "@/features/experiments/model/plot";
import type { Effect, Health, Metric } from "@/features/experiments/model/types";
import { reasonText } from "@/features/experiments/model/verdict";
import { useNow } from "@/lib/useNow";

const EffectsPlot = lazy(() => import("@/features/experiments/components/EffectsPlot"));

const ROW_GUESS = 76;

interface EffectsPanelProps {
  effects: readonly Effect[];
  health: Health | null;
  scale: PlotScale;
  onScale: (scale: PlotScale) => void;
}

const CONFIDENCE_NOTE = "Bar: the interval; tick: the most likely value; line: no difference.";

export function EffectsPanel({ effects, health, scale, onScale }: EffectsPanelProps) {
  const confidence = effects.find((effect) => effect.estimate)?.estimate?.confidence;
  const level = confidence === undefined ? "" : `${Math.round(confidence * 100)}\u00a0% intervals. `;
  return (
    <Panel
      title="Effect on each outcome, against the control"
      note={level + CONFIDENCE_NOTE}
      actions={<ScaleChoice scale={scale} onScale={onScale} />}
    >
      <EffectsBody effects={effects} health={health} scale={scale} />
    </Panel>
  );
}

function ScaleChoice({ scale, onScale }: Pick<EffectsPanelProps, "scale" | "onScale">) {
  return (
    <SegmentedControl
      aria-label="Show differences"
      size="xs"
      value={scale}
      onChange={(value) => onScale(value === "relative" ? "relative" : "units")}
      data={[
        { value: "units", label: "In units" },
        { value: "relative", label: "In percent" },
      ]}
    />
  );
}

function EffectsBody({ effects, health, scale }: Omit<EffectsPanelProps, "onScale">) {
  const now = useNow();
  if (effects.length === 0) {
    return (
      <PanelEmpty title="No outcome is compared yet.">
        Give the experiment an outcome metric; each arm's effect on it is drawn here.
      </PanelEmpty>
    );
  }
  if (effects.every((effect) => effect.estimate === null)) {
    return (
      <PanelNotEnoughData title="Not enough data to draw an effect.">
        {reasonText(effects[0]?.reason ?? null)}
      </PanelNotEnoughData>
    );
  }
  const isSettled = (metric: Metric) => (settlesAt(metric, health)?.getTime() ?? 0) <= now.getTime();
  const groups = prepareEffects(effects, scale, isSettled, reasonText);
  return (
    <Suspense fallback={<PanelLoading height={effects.length * ROW_GUESS} label="The plot" />}>
      <EffectsPlot groups={groups} />
    </Suspense>
  );
}
