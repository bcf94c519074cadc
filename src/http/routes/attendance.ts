import { endNamedSession } from "../../commands/end-session.ts";
import { myRecord } from "../../commands/my-record.ts";
import { startSession } from "../../commands/start-session.ts";
import type { Route } from "../route.ts";

export const attendanceRoutes: readonly Route[] = [
  { method: "POST", path: "/attendance/start", command: startSession, status: 200 },
  { method: "POST", path: "/attendance/end", command: endNamedSession, status: 200 },
  { method: "GET", path: "/class/:classId/my-attendance", command: myRecord, status: 200 },
  { method: "GET", path: "/attendance/:classId/my-attendance", command: myRecord, status: 200 },
  { method: "GET", path: "/attendance/class/:classId/my-attendance", command: myRecord, status: 200 },
];
