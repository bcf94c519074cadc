import { jwtVerify } from "jose";
import { z } from "zod";

/** The usual design on Bun: one session in memory, one topic for every socket. */
const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const claims = z.object({ userId: z.string(), role: z.string() });
const frame = z.object({ event: z.string(), data: z.unknown() });
const mark = z.object({ studentId: z.string(), status: z.enum(["present", "absent"]) });
const TOPIC = "attendance";

let session: { readonly classId: string; readonly attendance: Map<string, string> } | null = null;

const userOf = async (token: string | null) => {
  const { payload } = await jwtVerify(token ?? "", secret);
  return claims.parse(payload);
};

const server = Bun.serve<z.output<typeof claims>>({
  port: Number(process.env.PORT ?? 0),
  hostname: process.env.HOST ?? "127.0.0.1",
  async fetch(request, self) {
    const url = new URL(request.url);
    if (url.pathname === "/health") return Response.json({ success: true });
    if (url.pathname === "/attendance/start") {
      await userOf(request.headers.get("authorization"));
      const { classId } = z.object({ classId: z.string() }).parse(await request.json());
      session = { classId, attendance: new Map() };
      return Response.json({ success: true, data: { classId } });
    }
    const data = await userOf(url.searchParams.get("token")).catch(() => null);
    if (data && self.upgrade(request, { data })) return undefined;
    return Response.json({ success: false, error: "Unauthorized" }, { status: 401 });
  },
  websocket: {
    open: (ws) => void ws.subscribe(TOPIC),
    message(ws, raw) {
      const fail = (message: string) => void ws.send(JSON.stringify({ event: "ERROR", data: { message } }));
      const { event, data } = frame.parse(JSON.parse(String(raw)));
      if (event !== "ATTENDANCE_MARKED") return fail("Unknown event");
      if (ws.data.role !== "teacher") return fail("Forbidden, teacher event only");
      if (!session) return fail("No active attendance session");
      const { studentId, status } = mark.parse(data);
      session.attendance.set(studentId, status);
      server.publish(TOPIC, JSON.stringify({ event, data: { studentId, status } }));
    },
  },
});
console.log(server.url.origin);
