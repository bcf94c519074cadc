import { z } from "zod";
import { dataOf, type Json, post } from "./http";
import { login, newcomer, type Person } from "./people";
import type { TestServer } from "./server";

/** The settings of a server that has an admin from its start and lets teachers sign up all the same. */
export const ADMIN_ENV = {
  ROLLCALL_ADMIN_EMAIL: "admin@school.test",
  ROLLCALL_ADMIN_PASSWORD: "the admin of the tests",
  TEACHER_SIGNUP: "open",
};

/** The admin whom those settings make. */
export async function adminOf(server: TestServer): Promise<Person> {
  const { ROLLCALL_ADMIN_EMAIL: email, ROLLCALL_ADMIN_PASSWORD: password } = ADMIN_ENV;
  const token = await login(server, email, password);
  const id = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).userId;
  // Only tests of roles that everyone has look at it.
  return { id, name: "Admin", email, password, role: "teacher", token };
}

/** A code from one of the admin's routes. */
export async function codeFrom(server: TestServer, admin: Person, path: string): Promise<string> {
  const data = dataOf(await post(server, path, {}, admin.token), 201);
  return z.object({ code: z.string() }).parse(data).code;
}

/** The set-up code that the server printed last. */
export function printedCode(server: TestServer): string {
  const found = [...server.stdout().matchAll(/\/set-up with the code (\S+)/g)].at(-1)?.[1];
  if (!found) throw new Error(`no set-up code in ${server.stdout()}`);
  return found;
}

/** A body that signs a teacher up. */
export const newTeacher = (more: Record<string, Json> = {}) => ({ ...newcomer("teacher"), ...more });
