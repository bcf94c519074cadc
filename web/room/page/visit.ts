import { z } from "zod";
import { type Client, connect } from "../../../client/index.ts";
import {
  classWithStudentsAnswer,
  failureAnswer,
  tokenAnswer,
  userAnswer,
  videoTokenAnswer,
} from "../../../protocol/http.ts";
import { presenceAnswer } from "../../../protocol/presence.ts";
import { ApiError, IN_NO_CLASS } from "../../api/error.ts";
import { allPages } from "../../api/presence.ts";
import { asIce, iceHeard } from "../../api/video.ts";
import { calledOf } from "../../parts/person.ts";
import type { ClassroomParts } from "../classroom.ts";
import type { RoomClass } from "../room.tsx";

/** Somebody who has signed in for one class. */
export interface Visit extends ClassroomParts {
  readonly client: Client;
  readonly its: RoomClass;
}

/** Signs in for a class, in this page alone: the token is kept nowhere else. Throws ApiError. */
export async function visit(email: string, password: string, classId: string): Promise<Visit> {
  const { token } = await ask("/auth/login", tokenAnswer, { body: { email, password } });
  const me = await ask("/auth/me", userAnswer, { token });
  const its = await ask(`/class/${encodeURIComponent(classId)}`, classWithStudentsAnswer, { token });
  if (me.role === "admin") throw new ApiError("refused", 403, IN_NO_CLASS);
  const client = connect({
    url: `${location.origin.replace("http", "ws")}/ws`,
    credentials: async () => ({ token }),
    user: me._id,
  });
  return {
    client,
    classId: its._id,
    me: { id: me._id, name: calledOf(me), role: me.role },
    ice: async () =>
      asIce(await ask(`/video/ice?${new URLSearchParams({ classId: its._id })}`, iceHeard, { token })),
    pass: (peer) => ask("/video/token", videoTokenAnswer, { token, body: { classId: its._id, peer } }),
    its: {
      name: its.className,
      students: its.students.map((student) => ({ id: student._id, name: calledOf(student) })),
      times: (session, signal) => allPages(session, (path) => ask(path, presenceAnswer, { token, signal })),
    },
  };
}

interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the API by token: the browser may be signed in to the app as somebody else. */
async function ask<S extends z.ZodType>(
  path: string,
  schema: S,
  { token, body, signal }: Asked,
): Promise<z.output<S>> {
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    credentials: "omit",
    ...(signal && { signal }),
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown): never => {
    throw new ApiError("offline", 0, String(error));
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw ApiError.of(response.status, failureAnswer.safeParse(answer).data?.error ?? "");
  const parsed = schema.safeParse(z.object({ data: z.unknown() }).safeParse(answer).data?.data);
  if (!parsed.success) throw new ApiError("broken", response.status, parsed.error.message);
  return parsed.data;
}
