import { createServer } from "node:http";
import express from "express";
import { jwtVerify } from "jose";
import { Server } from "socket.io";
import { z } from "zod";

/** The usual design on Node with rooms: Express, Socket.IO, a session in memory for each class. */
const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const claims = z.object({ userId: z.string(), role: z.string() });
const mark = z.object({ studentId: z.string(), status: z.enum(["present", "absent"]) });
const query = z.object({ token: z.string(), room: z.string() });

const sessions = new Map<string, Map<string, string>>();

const userOf = async (token: string | undefined) => {
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
  sessions.set(classId, new Map());
  response.json({ success: true, data: { classId } });
});

const http = createServer(app);
const io = new Server(http, { perMessageDeflate: false });

io.use(async (socket, next) => {
  const { token } = query.parse(socket.handshake.query);
  const user = await userOf(token).catch(() => null);
  Object.assign(socket.data, user);
  next(user ? undefined : new Error("Unauthorized"));
});

io.on("connection", (socket) => {
  const { room } = query.parse(socket.handshake.query);
  void socket.join(room);
  const fail = (message: string) => socket.emit("ERROR", { message });
  socket.on("ATTENDANCE_MARKED", (data: unknown) => {
    if (socket.data.role !== "teacher") return fail("Forbidden, teacher event only");
    const session = sessions.get(room);
    if (!session) return fail("No active attendance session");
    const { studentId, status } = mark.parse(data);
    session.set(studentId, status);
    io.to(room).emit("ATTENDANCE_MARKED", { studentId, status });
  });
});

http.listen(Number(process.env.PORT ?? 0), process.env.HOST ?? "127.0.0.1", () => {
  const address = http.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}`);
});
