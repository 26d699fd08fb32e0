// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { PanelFailed, PanelNoResults } from "@/components/states/PanelStates";
import { ArmsPanel } from "@/features/experiments/components/ArmsPanel";
import { CountedPanel } from "@/features/experiments/components/CountedPanel";
import { EffectsPanel } from "@/features/experiments/components/EffectsPanel";
import { SrmCover } from "@/features/experiments/components/SrmCover";
import { arm, booked, control, effect, health } from "@/features/experiments/model/fixture";
import { RequestError } from "@/lib/errors";

beforeAll(() => {
  // The library asks for both, and jsdom has neither.
  window.matchMedia = (query) =>
    ({
      matches: false,
      media: query,
      addEventListener() {},
      removeEventListener() {},
    }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);

const show = (children: ReactNode) => render(<MantineProvider>{children}</MantineProvider>);
const text = () => document.body.textContent?.replaceAll("\u00a0", " ") ?? "";
const never = () => undefined;

test("without a metric the effects panel says what will be here", () => {
  show(<EffectsPanel effects={[]} arms={[]} scale="units" onScale={never} />);
  expect(text()).toContain("No outcome is compared yet.");
});

test("without an estimate it says what is missing, and draws nothing", () => {
  show(<EffectsPanel effects={[effect(booked, null)]} arms={[]} scale="units" onScale={never} />);
  expect(text()).toContain("Not enough data to draw an effect.Each arm needs at least two customers");
  expect(screen.queryByRole("img")).toBeNull();
});

test("arms show customers, shares and the check of the split", () => {
  show(<ArmsPanel arms={[control, arm({ share: 0.501 })]} health={health} versions={[]} />);
  expect(text()).toContain("4,210 customers, each in one arm. The split is as planned (p = 0.60).");
  expect(text()).toContain("50.1 %");
  expect(screen.queryByRole("button", { name: /Roll back/ })).toBeNull();
});

test("only a running variant can be rolled back, never the control", () => {
  const onRollback = vi.fn();
  const stopped = arm({ id: "v2", name: "Long", rolledBackAt: new Date() });
  show(<ArmsPanel arms={[control, arm(), stopped]} health={health} versions={[]} onRollback={onRollback} />);
  const buttons = screen.getAllByRole("button", { name: /Roll back/ });
  expect(buttons.map((button) => button.getAttribute("aria-label"))).toEqual(["Roll back Shorter greeting"]);
  fireEvent.click(buttons[0] as HTMLElement);
  expect(onRollback).toHaveBeenCalledWith(arm());
  expect(text()).toContain("Rolled back just now");
});

test("what was counted says how many outcomes count, and why the others do not", () => {
  const part = { metricId: booked.id, position: 1, isPart: true };
  const exclusions = [
    { ...part, reason: "used", outcomes: 1_100 },
    { ...part, reason: "after_window", outcomes: 34 },
  ];
  show(<CountedPanel metrics={[booked]} exclusions={exclusions} />);
  expect(text()).toContain("Booked calls1,100 of 1,134 outcomes count.34 from after the outcome window");
});

test("a mismatch is an alert with its causes, until it is read", () => {
  const onRead = vi.fn();
  show(<SrmCover warning={{ sentence: "Don't read this yet.", causes: ["One.", "Two."] }} onRead={onRead} />);
  expect(screen.getByRole("alert").textContent).toContain("Don't read this yet.");
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: /I have read this/ }));
  expect(onRead).toHaveBeenCalledOnce();
});

test("a failure says what failed, why and what to do, and can be tried again", () => {
  const onRetry = vi.fn();
  const error = new RequestError("The server can't be reached.", "network", "Check the connection.");
  show(<PanelFailed what="The ledger" error={error} onRetry={onRetry} />);
  expect(screen.getByRole("alert").textContent).toContain(
    "The ledger can't be shown.The server can't be reached. Check the connection.",
  );
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("no results is not empty: the filter that hides things can be cleared", () => {
  const onClear = vi.fn();
  show(<PanelNoResults title="No experiment is in this state." onClear={onClear} />);
  fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(onClear).toHaveBeenCalledOnce();
});
