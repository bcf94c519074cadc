import type { SessionId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { SessionHead, Store } from "../../ports/store.ts";
import { nodesHere } from "../nodes-here.ts";
import { memoryAudit } from "./audit.ts";
import { memoryBrowsers } from "./browsers.ts";
import { memoryChat } from "./chat.ts";
import { memoryClasses } from "./classes.ts";
import { memoryDoors } from "./doors.ts";
import { memoryOrigin } from "./origin.ts";
import { memoryRecords } from "./records.ts";
import { memorySessions } from "./sessions.ts";
import { memoryTickets } from "./tickets.ts";
import { memoryTrail } from "./trail.ts";
import { memoryUsers } from "./users.ts";

/** A store for tests: everything in maps, nothing on disk. */
export function createMemoryStore(): Store {
  const heads = new Map<SessionId, SessionHead>();
  const recorded = new Map<SessionId, readonly AttendanceRecord[]>();
  return {
    users: memoryUsers(),
    classes: memoryClasses(),
    sessions: memorySessions(heads, recorded),
    records: memoryRecords(heads, recorded),
    audit: memoryAudit(),
    trail: memoryTrail(),
    doors: memoryDoors(heads),
    chat: memoryChat(heads),
    tickets: memoryTickets(),
    browsers: memoryBrowsers(),
    nodes: nodesHere(),
    origin: memoryOrigin(),
    probe: async () => {},
    close: async () => {},
  };
}
