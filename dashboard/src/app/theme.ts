import { createTheme, type MantineColorsTuple } from "@mantine/core";

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
  primaryShade: { light: 7, dark: 4 },
  colors: { ink },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: "650" },
});
