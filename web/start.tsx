import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { prepareWords } from "./i18n.ts";
import { keepShell } from "./offline.ts";

/** Puts the app into the page. */
export async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  await prepareWords();
  createRoot(root).render(<App />);
  await keepShell();
}
