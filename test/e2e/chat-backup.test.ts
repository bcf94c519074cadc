import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { chatAnswer } from "../../protocol/chat.ts";
import { rollcall } from "../cli/run.ts";
import { databaseIn } from "../faults/storm-school.ts";
import { patch } from "./class-verbs.ts";
import { dataOf, get } from "./http.ts";
import { login } from "./people.ts";
import { met } from "./room-seat.ts";
import { startServer, TestServer } from "./server.ts";

setDefaultTimeout(60_000);
const server = await startServer();
const restored = new TestServer({});
afterAll(() => Promise.all([server.dispose(), restored.dispose()]));

test("CH7 a backup holds what was kept of the chat, and a server restored from it shows it to the class's teacher", async () => {
  const { of, desk, ada } = await met(server);
  dataOf(await patch(server, of.classId, { keepsChat: true }, of.teacher));
  ada.send({ type: "say", text: "Which page?" });
  await ada.told();
  const file = join(restored.dataDir, "copy.db");
  expect(await rollcall(["backup", file], { ROLLCALL_DATA: server.dataDir })).toMatchObject({ code: 0 });
  await Bun.write(databaseIn(restored.dataDir), Bun.file(file));
  await restored.start();
  const { email, password } = of.teacher;
  const path = `/sessions/${desk.found.session}/chat`;
  const { messages } = chatAnswer.parse(
    dataOf(await get(restored, path, await login(restored, email, password))),
  );
  expect(messages).toMatchObject([{ user: { _id: ada.person.id }, text: "Which page?" }]);
});
