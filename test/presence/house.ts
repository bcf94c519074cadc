import type { Stay } from "../../src/core/presence/intervals.ts";
import { VisitorBook } from "../../src/presence/visitor-book.ts";
import { user } from "../core/arbitrary.ts";
import { faultyStore } from "../faults/faulty-store.ts";
import { addClass, author, Node } from "../faults/node.ts";

/** A running session over a store that can fail, and a book of its visitors on a clock that stands until it is moved. */
export async function house(node = "one", staysMax = 100) {
  const { store, fail } = faultyStore();
  const server = new Node(store);
  const cls = await addClass(store, [user(1), user(2)]);
  await server.sessions.start(cls, author);
  const { id } = server.live.session;
  const clock = { at: 1_700_000_000_000 };
  const { memory } = server.sessions;
  const book = new VisitorBook({
    node,
    memory,
    byId: (session) => memory.byId(session),
    clock: { now: () => clock.at },
    staysMax,
    silence: { pingMs: 2000, maxMs: 40_000 },
    troubled: () => undefined,
  });
  const stays = (n: number): readonly Stay[] => server.live.session.stays.get(user(n)) ?? [];
  return { store, fail, server, cls, id, clock, book, stays };
}

type Who = Parameters<VisitorBook["passed"]>[1];

/** A socket of the nth user. */
export const socket = (
  n: number,
  id = `s${n}`,
  heardAt?: number,
  dialect: Who["connection"]["dialect"] = "v1",
): Who => {
  const wire = { send() {}, close() {}, subscribe() {}, unsubscribe() {}, trust() {} };
  const peer = { id, user: user(n) };
  return { peer, connection: { dialect, wire: heardAt === undefined ? wire : { ...wire, heardAt } } };
};

export { user };
