import { Tooltip } from "@mantine/core";
import classes from "@/components/figures/GradeBadge.module.css";

const GRADES: Readonly<Record<string, { name: string; words: string }>> = {
  A: {
    name: "randomised",
    words:
      "Customers were split by chance, so the change itself made the difference. This is the strongest evidence there is.",
  },
  B: {
    name: "comparable group",
    words:
      "Not split by chance, but compared with a similar group over the same time. Good evidence, if nothing else set the groups apart.",
  },
  C: {
    name: "before and after",
    words:
      "Everybody got the change at once. The difference may also come from whatever else happened at that time.",
  },
};

const UNKNOWN = {
  name: "not separable",
  words: "Several things changed together; the data cannot tell them apart.",
};

/** How the effect was found, in words on hover and on focus. */
export function GradeBadge({ grade }: { grade: string }) {
  const { name, words } = GRADES[grade] ?? UNKNOWN;
  return (
    <Tooltip label={words} multiline w={280} withArrow events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard too */}
      <span className={classes.badge} tabIndex={0}>
        Grade {grade || "–"} <span className={classes.name}>{name}</span>
      </span>
    </Tooltip>
  );
}
