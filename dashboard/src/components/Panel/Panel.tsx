import { type ReactNode, useId } from "react";
import classes from "@/components/Panel/Panel.module.css";

interface PanelProps {
  title: string;
  /** One line that says what the panel answers. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled region; its body is one of the five states or the content. */
export function Panel({ title, note, actions, children }: PanelProps) {
  const titleId = useId();
  return (
    <section className={classes.panel} aria-labelledby={titleId}>
      <header className={classes.header}>
        <div>
          <h2 className={classes.title} id={titleId}>
            {title}
          </h2>
          {note ? <p className={classes.note}>{note}</p> : null}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
