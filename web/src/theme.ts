import { type MantineColorsTuple, createTheme } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#effbf9', '#d9f3ef', '#b0e6de', '#83d8cc', '#5dcbbd', '#43bdae', '#2aa596', '#12897c', '#0b6e64', '#075a52',
];
const ink: MantineColorsTuple = [
  '#e6ebf0', '#c3ccd6', '#9aa7b4', '#7a8896', '#4a5763', '#36414b', '#232c34', '#171e25', '#11171d', '#0b1015',
];

/** Shades 8 and 9 keep white text at a contrast of 4.5 and more. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 9 },
  colors: { teal, dark: ink },
  fontFamily: "Inter, 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.25' }, h2: { fontSize: '1rem', lineHeight: '1.4' } } },
});
