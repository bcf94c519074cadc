import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { chatAnswer } from "../../protocol/chat.ts";
import { ADMIN_ENV, adminOf } from "./admin.ts";
import { patch } from "./class-verbs.ts";
import { call, dataOf, get, refused } from "./http.ts";
import { endSession, join, type Person, student } from "./people.ts";
import { met, type Seat } from "./room-seat.ts";
import { startServer } from "./server.ts";

setDefaultTimeout(60_000);
const server = await startServer({ ...ADMIN_ENV, CHAT_PER_S: "1000", CHAT_BURST: "1000" });
afterAll(() => server.dispose());
const admin = await adminOf(server);

const said = async (path: string, who: Person) =>
  chatAnswer.parse(dataOf(await get(server, path, who.token)));

/** Those in the room say these things, one after the other, in a class that keeps them. */
async function keeping(...sayings: readonly (readonly [who: "desk" | "ada" | "ben", text: string])[]) {
  const lesson = await met(server, 3);
  const { of, desk } = lesson;
  dataOf(await patch(server, of.classId, { keepsChat: true }, of.teacher));
  for (const [who, text] of sayings) {
    lesson[who].send({ type: "say", text });
    await lesson[who].told();
  }
  const { session } = desk.found;
  return {
    ...lesson,
    session,
    path: `/sessions/${session}/chat`,
    overseen: `/admin/sessions/${session}/chat`,
  };
}

const line = (who: Seat, text: string) => ({ user: { _id: who.person.id, name: who.person.name }, text });

test("CH1 the class's teacher reads what was said, in its order and in pages, during the session and after it", async () => {
  const lesson = await keeping(["ada", "Which page?"], ["desk", "Page 3"], ["ben", "Thanks 🙂"]);
  const { of, desk, ada, ben, path } = lesson;
  const all = [line(ada, "Which page?"), line(desk, "Page 3"), line(ben, "Thanks 🙂")];
  const before = Date.now();
  const { messages, next } = await said(path, of.teacher);
  expect([messages, next]).toMatchObject([all, null]);
  for (const { at } of messages) expect(Math.abs(Date.parse(at) - before)).toBeLessThan(60_000);
  await endSession(server, of.teacher, of.classId);
  const first = await said(`${path}?limit=2`, of.teacher);
  expect(first.messages).toMatchObject(all.slice(0, 2));
  expect(await said(`${path}?limit=2&after=${first.next}`, of.teacher)).toMatchObject({
    messages: all.slice(2),
    next: null,
  });
  dataOf(await call(server, "DELETE", `/class/${of.classId}`, { token: of.teacher.token }));
  expect((await said(path, of.teacher)).messages).toMatchObject(all);
});

test("CH1 where the class does not keep it there is nothing, and what it kept before stays", async () => {
  const { of, ada, path } = await keeping(["ada", "kept"]);
  dataOf(await patch(server, of.classId, { keepsChat: false }, of.teacher));
  ada.send({ type: "say", text: "gone" });
  await ada.told();
  expect((await said(path, of.teacher)).messages).toMatchObject([line(ada, "kept")]);
});

test("CH2 administrators read it, and that they did is in the trail; a teacher's reading of the own is not", async () => {
  const { of, ada, session, path, overseen } = await keeping(["ada", "Which page?"]);
  expect((await said(overseen, admin)).messages).toMatchObject([line(ada, "Which page?")]);
  await said(path, of.teacher);
  const Trail = z.object({
    entries: z.array(
      z.object({ actor: z.object({ _id: z.string() }), classId: z.string(), sessionId: z.string() }),
    ),
  });
  const { entries } = Trail.parse(dataOf(await get(server, "/admin/audit?deed=chat-read", admin.token)));
  expect(entries).toEqual([{ actor: { _id: admin.id }, classId: of.classId, sessionId: session }]);
});

test("CH3 it is saved as a file without formulas, and saving it is in the trail", async () => {
  const { of, ada, session, path } = await keeping(["ada", '=HYPERLINK("http://x")'], ["desk", "No, thanks"]);
  const response = await fetch(`${server.url}${path}.csv`, { headers: { authorization: of.teacher.token } });
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(response.headers.get("content-disposition")).toContain(`chat-`);
  const rows = (await response.text()).trimEnd().split("\r\n");
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEndWith("Time,Name,Text,User ID");
  expect(rows[1]).toEndWith(`,${ada.person.name},"'=HYPERLINK(""http://x"")",${ada.person.id}`);
  expect(rows[2]).toContain(',"No, thanks",');
  const trail = await get(server, `/admin/audit?deed=exported&user=${of.teacher.id}`, admin.token);
  expect(dataOf(trail)).toMatchObject({ entries: [{ classId: of.classId, sessionId: session }] });
});

test("CH4 nobody else reads it: no student of the class, no stranger, no other teacher, no admin as a teacher", async () => {
  const { of, ada, path, overseen } = await keeping(["ada", "Which page?"]);
  const [outsider, stranger] = await Promise.all([join(server, "teacher"), join(server, "student")]);
  const teacherOnly = refused(403, "Forbidden, teacher access required");
  for (const route of [path, `${path}.csv`]) {
    for (const who of [ada.person, student(of, 2), stranger, admin])
      expect(await get(server, route, who.token)).toEqual(teacherOnly);
    expect(await get(server, route, outsider.token)).toEqual(refused(403, "Forbidden, not class teacher"));
    expect(await get(server, route)).toEqual(refused(401, "Unauthorized, token missing or invalid"));
  }
  for (const who of [of.teacher, outsider, ada.person, stranger])
    expect(await get(server, overseen, who.token)).toEqual(refused(403, "Forbidden, admin access required"));
  const nobody = "0".repeat(24);
  expect(await get(server, `/sessions/${nobody}/chat`, of.teacher.token)).toEqual(
    refused(404, "Session not found"),
  );
  for (const after of ["x", "1", "1.", ".x", "1.$ne", `${"9".repeat(16)}.x`])
    expect((await get(server, `${path}?after=${after}`, of.teacher.token)).status).toBe(400);
});

test("CH6 what an erased person said is gone, and what the others said stays", async () => {
  const { of, ben, ada, path, overseen } = await keeping(["ada", "mine"], ["ben", "his"]);
  await endSession(server, of.teacher, of.classId);
  dataOf(await call(server, "POST", `/admin/users/${ada.person.id}/erase`, { token: admin.token }));
  for (const [route, who] of [
    [path, of.teacher],
    [overseen, admin],
  ] as const)
    expect((await said(route, who)).messages).toMatchObject([line(ben, "his")]);
  const file = await get(server, `${path}.csv`, of.teacher.token);
  expect(String(file.body)).not.toContain("mine");
});
