import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#edf3fd",
  "#d6e4fb",
  "#aecbf8",
  "#98bffb",
  "#82b5ff",
  "#5f9bf0",
  "#1f6ad9",
  "#0a55c4",
  "#0846a3",
  "#063680",
];

/** What Mantine draws dark things with: from our ink to our ground. */
const dark: MantineColorsTuple = [
  "#e7eaee",
  "#c6ccd4",
  "#a9b2bd",
  "#7d8894",
  "#363d46",
  "#2a3038",
  "#1b2026",
  "#13161a",
  "#0f1215",
  "#0b0d10",
];

/** Four sizes of text: 14, 16, 20 and 28 pixels. */
const text = { xs: "0.875rem", sm: "0.875rem", md: "1rem", lg: "1.25rem", xl: "1.75rem" };
const heading = (fontSize: string) => ({ fontSize, lineHeight: "1.3", fontWeight: "600" });
/** What a finger needs: 44 pixels. */
const TARGET = "2.75rem";

/** One accent, one family, a grid of eight pixels, borders instead of shadows. */
export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", sans-serif',
  fontSizes: text,
  headings: {
    sizes: {
      h1: heading(text.xl),
      h2: heading(text.lg),
      h3: heading(text.md),
      h4: heading(text.md),
      h5: heading(text.md),
      h6: heading(text.md),
    },
  },
  spacing: { xs: "0.5rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "0.25rem", sm: "0.5rem", md: "0.5rem", lg: "0.5rem", xl: "0.5rem" },
  defaultRadius: "md",
  shadows: { xs: "none", sm: "none", md: "none", lg: "none", xl: "none" },
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: "md" },
      // Mantine chooses the text of a filled button by the light theme's accent alone.
      vars: (_theme: unknown, { variant = "filled" }: { readonly variant?: string }) => ({
        root: {
          "--button-height": TARGET,
          ...(variant === "filled" && { "--button-color": "var(--ground)" }),
        },
      }),
    },
    ActionIcon: { defaultProps: { variant: "subtle" }, vars: () => ({ root: { "--ai-size": TARGET } }) },
    Input: {
      defaultProps: { size: "md" },
      vars: () => ({ wrapper: { "--input-height": TARGET, "--input-bd": "var(--edge)" } }),
    },
    InputWrapper: { defaultProps: { size: "md" } },
  },
});

/** Mantine's own colours are ours. */
export const variables: CSSVariablesResolver = () => {
  const ours = {
    "--mantine-color-body": "var(--ground)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--quiet)",
    "--mantine-color-placeholder": "var(--quiet)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--absent)",
    "--mantine-color-default-border": "var(--edge)",
    "--mantine-color-default": "var(--ground)",
    "--mantine-color-default-hover": "var(--surface)",
    "--mantine-color-default-color": "var(--ink)",
  };
  return { variables: {}, light: ours, dark: ours };
};
