import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { queries } from "../api/queries.ts";
import { Boundary } from "../errors/boundary.tsx";
import { theme, variables } from "../theme/theme.ts";

const schemes = localStorageColorSchemeManager({ key: "rollcall-colours" });

/** What every page of ours stands in: its look, its answers from the server, and a word where it breaks. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Boundary>{children}</Boundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
