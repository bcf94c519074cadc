import { createRoot } from "react-dom/client";
import { prepareWords } from "../../i18n.ts";
import { Frame } from "../../parts/frame.tsx";
import { Shell } from "../../shell/shell.tsx";
import { ClassroomPage } from "./classroom-page.tsx";

/** Puts the video classroom into the page: `/static/classroom.html`, which people know by that address. */
export async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  await prepareWords();
  createRoot(root).render(
    <Frame>
      <Shell>
        <ClassroomPage />
      </Shell>
    </Frame>,
  );
}
