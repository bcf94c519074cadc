import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { queries } from "../../api/queries.ts";
import { Boundary } from "../../errors/boundary.tsx";
import { prepareWords } from "../../i18n.ts";
import { Shell } from "../../shell/shell.tsx";
import { theme, variables } from "../../theme/theme.ts";
import { ClassroomPage } from "./classroom-page.tsx";

const schemes = localStorageColorSchemeManager({ key: "rollcall-colours" });

/** Puts the video classroom into the page: `/static/classroom.html`, which people know by that address. */
export async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  await prepareWords();
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Boundary>
          <Shell>
            <ClassroomPage />
          </Shell>
        </Boundary>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
