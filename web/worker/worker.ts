import { isScreen } from "../../protocol/screens.ts";
import { Shell } from "./shell.ts";

declare const self: ServiceWorkerGlobalScope;
/** The build's own: another build is another worker, with a shell of its own. */
declare const BUILD: string;

const shell = new Shell(BUILD);

self.addEventListener("install", (event) => {
  event.waitUntil(shell.keepPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(shell.dropOthers().then(() => self.clients.claim()));
});

/** A page tells what it has loaded: it may have been before there was a worker. */
self.addEventListener("message", (event) => {
  event.waitUntil(shell.keep(event.data));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (isScreen(pathname)) event.respondWith(shell.page(event));
  } else if (shell.holds(pathname)) event.respondWith(shell.part(request));
});
