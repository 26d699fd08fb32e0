import { type ReactNode, useEffect, useRef } from "react";
import classes from "@/components/figures/LiveFigure.module.css";

const FADE_MS = 1_600;

/** A figure whose change is shown by a fading background, so that an eye elsewhere finds it. */
export function LiveFigure({ value, children }: { value: string; children?: ReactNode }) {
  const ref = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    ref.current?.animate?.([{ backgroundColor: "var(--u-flash)" }, { backgroundColor: "transparent" }], {
      duration: FADE_MS,
      easing: "ease-out",
    });
  }, [value]);
  return (
    <span ref={ref} className={classes.figure}>
      {children ?? value}
    </span>
  );
}
