import type { Host, Mount } from "./mount.ts";

/** Not in the way of the first health checks, and before most clients that come back. */
const LOAD_AFTER_MS = 2000;

/** A mount whose code is loaded with its first request, or when the server has started: a start does not wait for it. */
export const later =
  (path: string, load: () => Promise<(host: Host) => Mount>) =>
  (host: Host): Mount => {
    let mount: Mount | null = null;
    let loading: Promise<Mount> | null = null;
    const loaded = () => {
      loading ??= load().then((make) => {
        mount = make(host);
        return mount;
      });
      return loading;
    };
    // One that cannot be loaded is told to whoever asks for it.
    setTimeout(() => loaded().catch(() => undefined), LOAD_AFTER_MS).unref();
    return {
      path,
      fetch: async (request, url) => (mount ?? (await loaded())).fetch(request, url),
      publish: (topic, frame) => mount?.publish(topic, frame),
      hears: (topic) => mount?.hears(topic) ?? false,
      get held() {
        return mount?.held ?? 0;
      },
    };
  };
