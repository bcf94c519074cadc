/** Where the server has the worker that keeps the app's shell. */
const WORKER = "/service-worker.js";

/** Has the app's shell kept on this device, so that it opens without a network; not where the browser has no workers, as without https. */
export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const tell = (entries: PerformanceEntryList) => {
    const parts = entries
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.startsWith("/assets/"));
    if (parts.length > 0) serviceWorker.controller?.postMessage(parts);
  };
  // Another worker has another shell; what this page needs belongs into it.
  serviceWorker.addEventListener("controllerchange", () => tell(performance.getEntriesByType("resource")));
  new PerformanceObserver((list) => tell(list.getEntries())).observe({ type: "resource", buffered: true });
  await serviceWorker.register(WORKER).catch(() => undefined);
}
