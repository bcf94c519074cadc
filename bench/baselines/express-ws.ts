import { createServer } from "node:http";
import express from "express";
import { jwtVerify } from "jose";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

/** The usual design on Node: Express, `ws`, one session in memory, a loop over every socket. */
const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const claims = z.object({ userId: z.string(), role: z.string() });
const frame = z.object({ event: z.string(), data: z.unknown() });
const mark = z.object({ studentId: z.string(), status: z.enum(["present", "absent"]) });

let session: { readonly classId: string; readonly attendance: Map<string, string> } | null = null;

const userOf = async (token: string | null | undefined) => {
  const { payload } = await jwtVerify(token ?? "", secret);
  return claims.parse(payload);
};

const app = express();
app.use(express.json());
app.get("/health", (_request, response) => {
  response.json({ success: true });
});
app.post("/attendance/start", async (request, response) => {
  await userOf(request.headers.authorization);
  const { classId } = z.object({ classId: z.string() }).parse(request.body);
  session = { classId, attendance: new Map() };
  response.json({ success: true, data: { classId } });
});

const http = createServer(app);
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

http.on("upgrade", async (request, socket, head) => {
  const token = new URL(request.url ?? "/", "http://localhost").searchParams.get("token");
  const user = await userOf(token).catch(() => null);
  if (!user) socket.destroy();
  else sockets.handleUpgrade(request, socket, head, (ws) => serve(ws, user));
});

function serve(ws: WebSocket, { role }: z.output<typeof claims>): void {
  const fail = (message: string) => ws.send(JSON.stringify({ event: "ERROR", data: { message } }));
  ws.on("message", (raw) => {
    const { event, data } = frame.parse(JSON.parse(raw.toString()));
    if (event !== "ATTENDANCE_MARKED") return fail("Unknown event");
    if (role !== "teacher") return fail("Forbidden, teacher event only");
    if (!session) return fail("No active attendance session");
    const { studentId, status } = mark.parse(data);
    session.attendance.set(studentId, status);
    broadcast(JSON.stringify({ event, data: { studentId, status } }));
  });
}

function broadcast(text: string): void {
  // Turned into bytes once, not once for each socket.
  const bytes = Buffer.from(text);
  for (const client of sockets.clients)
    if (client.readyState === WebSocket.OPEN) client.send(bytes, { binary: false });
}

http.listen(Number(process.env.PORT ?? 0), process.env.HOST ?? "127.0.0.1", () => {
  const address = http.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}`);
});
