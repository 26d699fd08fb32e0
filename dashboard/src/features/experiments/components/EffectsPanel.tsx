import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Panel } from "@/components/Panel/Panel";
import { PanelEmpty, PanelLoading, PanelNotEnoughData } from "@/components/states/PanelStates";
import { type PlotScale, prepareEffects } from "@/features/experiments/model/plot";
import type { Arm, Effect } from "@/features/experiments/model/types";
import { reasonText } from "@/features/experiments/model/verdict";

const EffectsPlot = lazy(() => import("@/features/experiments/components/EffectsPlot"));

const ROW_GUESS = 76;

interface EffectsPanelProps {
  effects: readonly Effect[];
  arms: readonly Arm[];
  scale: PlotScale;
  onScale: (scale: PlotScale) => void;
}

export function EffectsPanel({ effects, arms, scale, onScale }: EffectsPanelProps) {
  return (
    <Panel
      title="Effect on each outcome, against the control"
      note={legend(effects)}
      actions={<ScaleChoice scale={scale} onScale={onScale} />}
    >
      <EffectsBody effects={effects} arms={arms} scale={scale} />
    </Panel>
  );
}

function legend(effects: readonly Effect[]): string {
  const confidence = effects.find((effect) => effect.estimate)?.estimate?.confidence;
  if (confidence === undefined) return "Drawn as soon as it can be computed.";
  return `Bars are ${Math.round(confidence * 100)}\u00a0% intervals, dotted while late outcomes may still change them.`;
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

function EffectsBody({ effects, arms, scale }: Omit<EffectsPanelProps, "onScale">) {
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
  const stopped = new Set(arms.filter((arm) => arm.rolledBackAt !== null).map((arm) => arm.id));
  const groups = prepareEffects(effects, scale, reasonText);
  return (
    <Suspense fallback={<PanelLoading height={effects.length * ROW_GUESS} label="The plot" />}>
      <EffectsPlot groups={groups} stopped={stopped} />
    </Suspense>
  );
}
