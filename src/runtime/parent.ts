/**
 * Calls `onGone` once when the process that started this one has ended, however it ended: it holds the other end
 * of the pipe that ROLLCALL_PARENT_FD names. Without one nothing is watched. Gives a function that stops watching.
 */
export function watchParent(onGone: () => void, env: Readonly<NodeJS.ProcessEnv> = process.env): () => void {
  const fd = Number(env.ROLLCALL_PARENT_FD);
  if (!Number.isInteger(fd) || fd < 3) return () => {};
  const reader = Bun.file(fd).stream().getReader();
  let watching = true;
  const gone = () => {
    if (watching) onGone();
    watching = false;
  };
  const read = async (): Promise<void> => {
    while (!(await reader.read()).done);
  };
  read().then(gone, gone);
  return () => {
    watching = false;
    reader.cancel().catch(() => {});
  };
}
