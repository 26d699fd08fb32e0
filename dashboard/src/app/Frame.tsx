import { AppShell, Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { FlaskConical } from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import classes from "@/app/Frame.module.css";
import { Mark } from "@/app/Mark";

interface FrameProps {
  workspaceSlug: string;
  isProduction: boolean;
  /** The top bar's own parts: workspace, environment, live state, account. */
  bar: ReactNode;
  search: string;
  children: ReactNode;
}

/** Left rail and top bar. The rail lists screens that exist, nothing else. */
export function Frame({ workspaceSlug, isProduction, bar, search, children }: FrameProps) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={0}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <AppShell.Header data-production={isProduction}>
        <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Navigation" />
        <NavLink to={`/w/${workspaceSlug}`} className={classes.brand} aria-label="Upshot, home">
          <Mark /> <span className={classes.wordmark}>Upshot</span>
        </NavLink>
        {bar}
      </AppShell.Header>
      <AppShell.Navbar>
        <nav aria-label="Main" className={classes.nav}>
          <NavLink
            to={{ pathname: `/w/${workspaceSlug}/experiments`, search }}
            onClick={close}
            className={classes.link}
          >
            <FlaskConical size={17} aria-hidden /> Experiments
          </NavLink>
        </nav>
      </AppShell.Navbar>
      <AppShell.Main id="content">{children}</AppShell.Main>
    </AppShell>
  );
}
