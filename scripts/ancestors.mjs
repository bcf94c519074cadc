import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 200;

/**
 * Calls `onGone` once when the process that started this one is gone, or the npm above it: npm puts a shell
 * in between, which would go on living. Beyond the parent this needs /proc.
 */
export function onAncestorGone(onGone) {
  const parent = process.ppid;
  const npm = process.env.npm_lifecycle_event && isShell(parent) ? parentOf(parent) : null;
  const look = setInterval(() => {
    if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return;
    clearInterval(look);
    onGone();
  }, LOOK_EVERY_MS);
  look.unref();
}

/** `pid (name) state ppid …`; a name may hold blanks and brackets. Null where there is no /proc. */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const [, ppid] = text.slice(end + 2).split(" ");
    return { name: text.slice(text.indexOf("(") + 1, end), ppid: Number(ppid) };
  } catch {
    return null;
  }
}

function parentOf(pid) {
  return stat(pid)?.ppid ?? null;
}

function isShell(pid) {
  return /^(ba|da|a|z|k)?sh$|^busybox$/.test(stat(pid)?.name ?? "");
}
