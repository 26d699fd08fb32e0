/** The states of a panel other than its content: loading, empty, no results, not enough data, failed. */
import { Button, Skeleton } from "@mantine/core";
import { CircleDashed, Hourglass, RotateCw, SearchX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import classes from "@/components/states/PanelStates.module.css";
import { RequestError } from "@/lib/errors";

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  role?: "status" | "alert";
}

function PanelState({ icon, title, children, action, role }: StateProps) {
  return (
    <div className={classes.state} role={role}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {children ? <div className={classes.body}>{children}</div> : null}
      </div>
      {action}
    </div>
  );
}

/** Stands in for content of a known height, so that nothing jumps when it comes. */
export function PanelLoading({ height, label }: { height: number; label: string }) {
  return (
    <div role="status" aria-label={`${label} is loading`}>
      <Skeleton height={height} radius="md" />
    </div>
  );
}

/** Nothing exists yet: says what will be here and the one next step. */
export function PanelEmpty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <PanelState icon={<CircleDashed size={18} />} title={title}>
      {children}
    </PanelState>
  );
}

/** Things exist, but the filters hide them. */
export function PanelNoResults({ title, onClear }: { title: string; onClear: () => void }) {
  return (
    <PanelState
      icon={<SearchX size={18} />}
      title={title}
      action={
        <Button variant="default" size="xs" onClick={onClear}>
          Clear filters
        </Button>
      }
    />
  );
}

export function PanelNotEnoughData({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <PanelState icon={<Hourglass size={18} />} title={title}>
      {children}
    </PanelState>
  );
}

export function PanelFailed({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  return (
    <PanelState
      role="alert"
      icon={<TriangleAlert size={18} />}
      title={`${what} can't be shown.`}
      action={
        <Button variant="default" size="xs" leftSection={<RotateCw size={14} />} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <ErrorText error={error} />
    </PanelState>
  );
}

/** What went wrong and what to do, from the server's message and hint. */
export function ErrorText({ error }: { error: unknown }) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof RequestError ? error.hint : null;
  return (
    <>
      {message}
      {hint ? ` ${hint}` : null}
    </>
  );
}
