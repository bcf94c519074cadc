import type { Context } from "../../src/commands/context.ts";
import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import { type ClassId, isClassId, type SessionId } from "../../src/core/ids.ts";
import { enter } from "../../src/core/session/decide.ts";
import type { LiveSession } from "../../src/log/live-session.ts";
import type { CallNews, Calls } from "../../src/ports/calls.ts";
import { carriedDevice, socketDevice } from "../../src/presence/devices.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { teacher, user } from "../core/arbitrary.ts";
import { House } from "../dialects/house.ts";
import { author } from "../faults/node.ts";

/** The pass of the nth user's first page, as LiveKit tells of it. */
export const callerOf = ({ session }: LiveSession, n: number): CallNews => ({
  ...{ session: session.id, classId: session.classId, user: user(n), peer: `page-${n}` },
  ...{ device: `PA_${n}`, kind: "entered", when: session.startedAt },
});

/** A media server that notes what it is asked, and answers what a test says. */
class FakeCalls implements Calls {
  readonly url = "ws://fake";
  readonly removed: SessionId[] = [];
  readonly hungUp: string[] = [];
  readonly ended: SessionId[] = [];
  readonly unanswered: SessionId[] = [];
  refusal: (session: SessionId) => Error | null = () => null;
  removalFails: (session: SessionId) => boolean = () => false;
  there: readonly CallNews[] = [];
  news: CallNews | "nothing" = "nothing";

  async pass() {
    return { url: this.url, token: "", expiresAt: 0 };
  }
  async remove(session: SessionId) {
    this.removed.push(session);
    if (this.removalFails(session)) throw new Error("it cannot be removed");
  }
  async hangUp(_session: SessionId, peer: string) {
    this.hungUp.push(peer);
  }
  async mute() {
    return;
  }
  async end(session: SessionId) {
    this.ended.push(session);
  }
  async callers(session: SessionId) {
    const refusal = this.refusal(session);
    if (refusal) throw refusal;
    return this.there.filter((one) => one.session === session);
  }
  async heard() {
    return this.news;
  }
}

function classOf(n: number): ClassId {
  const id = `${n}`.padStart(24, "c");
  if (!isClassId(id)) throw new Error(`no class's id: ${id}`);
  return id;
}

/** A server of so many sessions, with somebody in the call of each by LiveKit's word, on a clock that a test moves. */
export async function callHouse(count: number) {
  const store = createMemoryStore();
  const house = await new House(store).start();
  const calls = new FakeCalls();
  const clock = { at: Date.now() };
  const witness = {
    told: () => undefined,
    listed: () => undefined,
    unanswered: (id: SessionId) => void calls.unanswered.push(id),
  };
  const context: Context = { ...house.context, calls, witness, clock: { now: () => clock.at } };
  const lives: LiveSession[] = [];
  for (let n = 0; n < count; n++) {
    const cls = { id: classOf(n), name: `${n}`, teacherId: teacher, studentIds: [], archivedAt: null };
    await store.classes.add({ ...cls, settings: SETTINGS_AT_FIRST });
    const started = await context.sessions.start({ ...cls, settings: SETTINGS_AT_FIRST }, author);
    if (!started.ok) throw new Error(started.code);
    await comes(started.value.live, carriedDevice("PA_0"), 0);
    lives.push(started.value.live);
  }
  return { context, calls, clock, lives, store };
}

const comes = (live: LiveSession, device: string, n: number) =>
  live.commit(author, (now) => enter(now, { user: user(n), device, when: now.startedAt, witness: "list" }));

/** The nth user's page has a socket in the session's room. */
export const opens = (live: LiveSession, n: number) => comes(live, socketDevice("one", `page-${n}`), n);
