import { Button } from "@mantine/core";
import { ShieldAlert } from "lucide-react";
import classes from "@/features/experiments/components/SrmCover.module.css";
import type { SrmWarning } from "@/features/experiments/model/srm";

/** Stands where the verdict would be, until it is read. */
export function SrmCover({ warning, onRead }: { warning: SrmWarning; onRead: () => void }) {
  return (
    <section className={classes.cover} role="alert" aria-label="Sample-ratio mismatch">
      <h2 className={classes.sentence}>
        <ShieldAlert size={22} aria-hidden /> {warning.sentence}
      </h2>
      <ol className={classes.causes}>
        {warning.causes.map((cause) => (
          <li key={cause}>{cause}</li>
        ))}
      </ol>
      <Button variant="default" onClick={onRead}>
        I have read this, show the result
      </Button>
    </section>
  );
}
