import type { ReactNode } from "react";
import { Mark } from "@/app/Mark";
import classes from "@/app/Message.module.css";

/** A page with one thing on it: signing in, or why there is nothing more. */
export function Message({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <Mark size={32} /> Upshot
        </div>
        {title ? <h1 className={classes.title}>{title}</h1> : null}
        {children}
      </div>
    </main>
  );
}
