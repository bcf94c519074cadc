/**
 * Bun's publish and nothing else: no token, no JSON, no rules, no disk. What a mark costs at the least. With
 * ONE_A_TURN each frame leaves in a turn of the event loop of its own, so that none share a write.
 */
const queue: { readonly topic: string; readonly frame: string }[] = [];
let scheduled = false;

function publishOne(): void {
  const next = queue.shift();
  if (next) server.publish(next.topic, next.frame);
  scheduled = queue.length > 0;
  if (scheduled) setImmediate(publishOne);
}

function publish(topic: string, frame: string): void {
  if (process.env.ONE_A_TURN === undefined) {
    server.publish(topic, frame);
    return;
  }
  queue.push({ topic, frame });
  if (scheduled) return;
  scheduled = true;
  setImmediate(publishOne);
}

const server: Bun.Server<{ readonly topic: string }> = Bun.serve({
  port: Number(process.env.PORT ?? 0),
  hostname: process.env.HOST ?? "127.0.0.1",
  fetch(request): Response | undefined {
    const url = new URL(request.url);
    if (url.pathname !== "/ws") return Response.json({ success: true, data: {} });
    const topic = url.searchParams.get("room") ?? "";
    return server.upgrade(request, { data: { topic } }) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    open: (ws) => void ws.subscribe(ws.data.topic),
    message: (ws, frame) => publish(ws.data.topic, String(frame)),
  },
});
console.log(server.url.origin);
