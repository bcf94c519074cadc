import { z } from "zod";
import { call, dataOf, get, type Json } from "./http";
import type { Person } from "./people";
import type { Reachable } from "./server";

/** Renames the class; any body may be sent. */
export const patch = (server: Reachable, id: string, body: Json, { token }: Person) =>
  call(server, "PATCH", `/class/${id}`, { token, body });

/** Archives the class. */
export const archive = (server: Reachable, id: string, { token }: Person) =>
  call(server, "DELETE", `/class/${id}`, { token });

/** Takes a student off the roll. */
export const withdraw = (server: Reachable, id: string, studentId: string, { token }: Person) =>
  call(server, "DELETE", `/class/${id}/students/${studentId}`, { token });

const Listed = z.array(
  z.object({
    _id: z.string(),
    className: z.string(),
    teacherId: z.string(),
    studentIds: z.array(z.string()),
  }),
);

/** The classes that GET /class answers. */
export const listed = async (server: Reachable, who: Person) =>
  Listed.parse(dataOf(await get(server, "/class", who.token)));
