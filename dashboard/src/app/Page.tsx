import { type ReactNode, useEffect } from "react";
import classes from "@/app/Page.module.css";

interface PageProps {
  title: string;
  lead?: ReactNode;
  meta?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, meta, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Upshot`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>{title}</h1>
        {meta}
      </header>
      {lead ? <p className={classes.lead}>{lead}</p> : null}
      {children}
    </div>
  );
}
