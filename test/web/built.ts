import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

/** The built app, built anew if something of it was changed: its folder. */
export async function built(): Promise<string> {
  const build = Bun.spawn([process.execPath, join(root, "scripts", "web.ts")], {
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await build.exited) !== 0) throw new Error(await new Response(build.stderr).text());
  return join(root, "dist", "web");
}

/** The page that every screen of the app is. */
export const builtPage = async (): Promise<string> => readFileSync(join(await built(), "index.html"), "utf8");

/** The path of the script that the page begins with. */
export function scriptOf(page: string): string {
  const [, path] = /<script type="module" src="([^"]+)"/.exec(page) ?? [];
  if (!path) throw new Error(`the page has no script: ${page}`);
  return path;
}
