import { expect, test } from "bun:test";
import { readConfig } from "../../src/config.ts";
import { UserBuckets } from "../../src/hub/user-buckets.ts";
import { Inbox } from "../../src/runtime/inbox.ts";
import { type Keeper, ratesOf, Socket } from "../../src/runtime/socket.ts";
import { until } from "../client/network.ts";
import { teacher } from "../core/arbitrary.ts";

const pipe = {
  sendText: () => undefined,
  cork: (write: () => void) => write(),
  close: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  ping: () => undefined,
  terminate: () => undefined,
};

/** Sockets that write down whose frames were done, in which order. */
function queues() {
  const done: string[] = [];
  const inbox = new Inbox(() => undefined);
  const limits = readConfig({ STUDENT_FRAMES_PER_TURN: "2" });
  const keeper: Keeper = {
    limits,
    rates: ratesOf(limits),
    users: new UserBuckets(1),
    deaf: false,
    came: (socket) => inbox.wake(socket),
    sent: () => undefined,
    flooded: () => undefined,
    left: () => undefined,
  };
  const open = (name: string) => {
    const socket = new Socket<string>(name, "plain", pipe, keeper);
    socket.open(() => ({
      receive: (frame) => {
        done.push(`${name}${frame}`);
        return null;
      },
      gone: () => undefined,
    }));
    return socket;
  };
  return { open, done };
}

test("P49 of a long queue a few frames are done before it is the others' turn, in their order", async () => {
  const { open, done } = queues();
  const [long, short] = [open("a"), open("b")];
  for (const frame of ["1", "2", "3", "4", "5"]) long.receive(frame);
  short.receive("1");
  await until("all are done", () => done.length === 6);
  expect(done).toEqual(["a1", "a2", "b1", "a3", "a4", "a5"]);
});

test("P49 a teacher's frames are done together", async () => {
  const { open, done } = queues();
  const [long, short] = [open("a"), open("b")];
  long.trust({ id: teacher, role: "teacher" });
  for (const frame of ["1", "2", "3"]) long.receive(frame);
  short.receive("1");
  await until("all are done", () => done.length === 4);
  expect(done).toEqual(["a1", "a2", "a3", "b1"]);
});
