import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef0ff",
  "#dbdffb",
  "#b5bcf2",
  "#8d97ea",
  "#6b78e3",
  "#5564df",
  "#4655d6",
  "#3b4ccb",
  "#323fa9",
  "#283386",
];

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: "650" },
});

/** The library's soft texts take ours, which are dark enough to read on every surface. */
export const cssVariables: CSSVariablesResolver = () => {
  const soft = {
    "--mantine-color-dimmed": "var(--u-text-soft)",
    "--mantine-color-placeholder": "var(--u-text-soft)",
    "--mantine-color-text": "var(--u-text)",
    "--mantine-color-body": "var(--u-surface)",
    "--mantine-color-default-border": "var(--u-line-strong)",
  };
  return { variables: {}, light: soft, dark: soft };
};
