import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Audience } from "../hub/audience.ts";
import type { Hub, Missed } from "../hub/hub.ts";
import { BrokenBatch } from "../log/seal.ts";
import type { Sessions } from "../log/sessions.ts";
import type { Bus, BusState, OpenBus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { Voice } from "../ports/nodes.ts";
import type { Store } from "../ports/store.ts";
import { FarPresence } from "./far-presence.ts";
import { FarRooms } from "./far-rooms.ts";
import { Holds } from "./holds.ts";
import { sinceEnrolled } from "./late-join.ts";
import { LogWatch } from "./log-watch.ts";
import { Memberships } from "./memberships.ts";
import { channelOf, classOf, EVERYBODY, type News, ownChannel, parseNews } from "./news.ts";
import { Recent } from "./recent.ts";
import { Teller } from "./teller.ts";

interface Parts {
  /** Names this node. */
  readonly node: string;
  readonly openBus: OpenBus;
  /** The other nodes whose news goes out. */
  readonly others: () => readonly string[];
  /** Whether that of some does not. */
  readonly areMute: () => boolean;
  /** What this node shows of its own news has changed. */
  readonly show: () => void;
  readonly store: Store;
  readonly sessions: Sessions;
  readonly hub: Hub;
  readonly clock: Clock;
  /** How often the store is asked what news may have missed, in ms. */
  readonly pollEveryMs: number;
  /** How many of a session's last events are kept. */
  readonly tailEvents: number;
  /** How long a class without sockets is kept, in ms. */
  readonly letGoMs: number;
  readonly troubled: (what: string, error: unknown, session?: SessionId) => void;
}

/** Where news comes, the store is asked all the same, but at so many polls once. */
const POLLS_IF_FRESH = 5;
/** Users whose classes are looked up again at each poll while no news comes. */
const USERS_A_POLL = 50;

/** This node among the others: it hears the news of the classes with sockets here, and asks the store for what was missed. */
export class Cluster implements Audience {
  readonly #bus: Bus;
  readonly #holds: Holds;
  readonly #watch: LogWatch;
  readonly #rooms: FarRooms;
  /** Who looks at which class, and who is there, over the nodes. */
  readonly presence: FarPresence;
  readonly #members: Memberships;
  /** What this node tells of itself. */
  readonly teller: Teller;
  readonly #timer: Timer;
  /** Classes whose channel is heard by now. */
  readonly #followed = new Set<ClassId>();
  /** Classes whose channel has just begun to be heard. */
  #begun = new Set<ClassId>();
  /** Classes of which there was news while they were loaded. */
  readonly #missed = new Set<ClassId>();
  readonly #done = new Recent();
  /** Sessions in memory of classes that are not heard of here, and since which poll. */
  readonly #strays = new Map<ClassId, number>();
  #polls = 0;
  #polling = false;
  /** Whether news may have been missed since it last came. */
  #wasDeaf = true;

  constructor(private readonly parts: Parts) {
    const { node, sessions, hub, store, clock, troubled } = parts;
    this.#holds = new Holds({ load: (id) => this.#load(id), now: () => clock.now() });
    this.#watch = new LogWatch({
      store,
      sessions,
      holds: this.#holds,
      troubled: (what, session, error) => troubled(what, error, session),
    });
    this.#members = new Memberships({ store, hub, sessions, troubled });
    const publish = (channel: string, news: News) => this.#publish(channel, news);
    // Whoever hears no news asks the store, and is not waited for.
    const others = () => (this.#bus.state === "ok" ? parts.others() : []);
    this.teller = new Teller({ node, others, publish });
    this.#rooms = new FarRooms({ node, hub, sessions, store, publish, troubled });
    this.presence = new FarPresence({ node, hub, publish, everyMs: POLLS_IF_FRESH * parts.pollEveryMs });
    this.#bus = parts.openBus({
      heard: (channel, message) => this.#heard(channel, message),
      following: (channel) => this.#following(channel),
      changed: (state) => this.#changed(state),
    });
    this.#bus.follow(EVERYBODY);
    this.#bus.follow(ownChannel(node));
    this.#timer = setInterval(() => void this.#poll(), parts.pollEveryMs);
    this.#timer.unref();
  }

  get busState(): BusState {
    return this.#bus.state;
  }

  /** How many classes are heard of. */
  get heard(): number {
    return this.#holds.all().length;
  }

  /** Whether news comes, of every node, and at once. */
  get isFresh(): boolean {
    return this.#bus.state === "ok" && !this.parts.areMute();
  }

  /** What this node shows of its own news. */
  get voice(): Voice {
    return { carries: this.#bus.state === "ok", unsaid: this.#bus.unsaid };
  }

  hear(classId: ClassId): Promise<void> | null {
    return this.#holds.hear(classId);
  }

  /** Whether news of the class comes here. */
  isHeard(classId: ClassId): boolean {
    return this.#holds.isHeard(classId);
  }

  /** Gives what a new member has missed, at the moment from which they listen. */
  async sinceJoined(classId: ClassId, user: UserId, listen: (missed: Missed | null) => void): Promise<void> {
    const { sessions, tailEvents } = this.parts;
    try {
      await this.hear(classId);
    } catch (error) {
      this.#unread(error);
    }
    const live = sessions.memory.ofClass(classId);
    if (live) await sinceEnrolled(live, user, tailEvents, listen);
    else listen(null);
  }

  enter(classId: ClassId): void {
    this.#holds.enter(classId);
  }

  leave(classId: ClassId): void {
    this.#holds.leave(classId);
  }

  /** Of news that comes meanwhile the store is asked afterwards. */
  async #load(classId: ClassId): Promise<void> {
    this.#missed.delete(classId);
    this.#bus.follow(channelOf(classId));
    await this.#bring(classId);
    setImmediate(() => {
      if (!this.#missed.delete(classId)) return;
      void this.#check([classId]);
      // What stands in no store was missed too.
      this.#publish(channelOf(classId), { from: this.parts.node, kind: "whoIsIn" });
    });
  }

  async #bring(classId: ClassId): Promise<void> {
    const { store, sessions, troubled } = this.parts;
    const known = sessions.memory.ofClass(classId);
    if (known) await known.catchUp();
    const head = await store.sessions.runningOf(classId);
    try {
      if (head && !sessions.memory.isOver(head.id)) await sessions.adopt(head);
    } catch (error) {
      // Whoever comes in while it cannot be read must come again, or they would be told of it from its beginning.
      if (!(error instanceof BrokenBatch)) throw error;
      troubled("the log of a running session is broken and its class stands still", error, head?.id);
    }
  }

  /** By this it knows whether what a socket came in by still stands. */
  admitBy(stands: (actor: Actor) => Promise<boolean>): void {
    this.#members.stands = stands;
  }

  /** Who is in the class's video room from here has changed. */
  roomChanged(classId: ClassId): void {
    this.#rooms.changed(classId);
  }

  /** Another node is gone, and may have told nobody of the last that it did. */
  lost(node: string): void {
    this.parts.hub.rooms.dropFar(node);
    this.parts.hub.presence.dropFar(node);
    this.unsaid("anything");
  }

  /** What another node did may not have been told: what stands in the logs, or anything. */
  unsaid(of: "logs" | "anything"): void {
    void this.#check(this.#holds.all());
    if (of === "anything") this.#lookAtAll();
  }

  #lookAtAll(): void {
    this.#members.lookAtAll().catch((error: unknown) => this.#unread(error));
  }

  #publish(channel: string, news: News): void {
    this.#bus.publish(channel, JSON.stringify(news));
  }

  #heard(channel: string, message: string): void {
    const { node, troubled } = this.parts;
    if (message.startsWith(`{"from":"${node}"`)) return;
    const news = parseNews(message);
    if (!news || news.from === node) return;
    try {
      this.#take(news, classOf(channel));
    } catch (error) {
      troubled("news from another node could not be followed", error);
    }
  }

  #take(news: News, classId: ClassId | null): void {
    if (news.kind === "seen") this.teller.seen(news.id, news.from);
    else if (news.kind === "member")
      void this.teller.confirm(news, this.#members.look(news.class, news.user));
    else if (news.kind === "archived") void this.teller.confirm(news, this.#members.lookAtClass(news.class));
    else if (news.kind === "started") void this.teller.confirm(news, this.#watch.started(news));
    else if (news.kind === "access") this.#members.lookAtAccess(news.user);
    else if (news.kind === "signal" || news.kind === "asked") {
      if (this.#done.isNew(news.id)) this.#rooms.take(news);
    } else if (classId && this.#holds.isHeard(classId)) this.#takeOfClass(news, classId);
    else if (classId) this.#missed.add(classId);
  }

  #takeOfClass(
    news: Exclude<News, { class: unknown } | { user: unknown } | { kind: "seen" }>,
    classId: ClassId,
  ): void {
    if (news.kind === "batch") this.#watch.batch(classId, news);
    else if (news.kind === "wants") this.parts.sessions.memory.byId(news.session)?.rivals.seen();
    else if (news.kind === "room") this.#rooms.room(classId, news);
    else if (news.kind === "door") this.parts.hub.rooms.setDoor(classId, news.session, news.door);
    else if (news.kind === "said") {
      if (this.#done.isNew(news.saying.id)) this.parts.hub.rooms.said(classId, news.session, [news.saying]);
    } else if (news.kind === "look") this.presence.look(classId, news);
    else if (news.kind === "presence") this.presence.told(classId, news);
    else if (news.kind === "whoIsIn") {
      this.#rooms.asked(classId);
      this.presence.asked(classId);
    } else if (this.#done.isNew(news.id)) void this.#watch.summary(news);
  }

  /** What was told before a channel was heard is asked of the store; channels that begin together are asked of together. */
  #following(channel: string): void {
    const classId = classOf(channel);
    if (!classId) return;
    this.#followed.add(classId);
    if (this.#begun.size === 0) setImmediate(() => void this.#begin());
    this.#begun.add(classId);
  }

  async #begin(): Promise<void> {
    const begun = [...this.#begun];
    this.#begun = new Set();
    const from = this.parts.node;
    for (const classId of begun) this.#publish(channelOf(classId), { from, kind: "whoIsIn" });
    for (const classId of begun) this.#rooms.asked(classId);
    for (const classId of begun) this.presence.asked(classId);
    for (const classId of begun) if (!this.#holds.isHeard(classId)) this.#missed.add(classId);
    await this.#check(begun.filter((id) => this.#holds.isHeard(id)));
  }

  #changed(state: BusState): void {
    this.parts.show();
    if (state === "down") {
      this.#followed.clear();
      this.#wasDeaf = true;
    }
    void this.#check(this.#holds.all());
    if (state !== "ok") return;
    this.#rooms.tellAll();
    void this.#rooms.heedStore();
    // What was only late has come.
    if (this.#wasDeaf) this.#lookAtAll();
    this.#wasDeaf = false;
  }

  async #check(classes: readonly ClassId[]): Promise<void> {
    try {
      await this.#watch.check(classes);
    } catch (error) {
      this.#unread(error);
    }
  }

  #unread(error: unknown): void {
    this.parts.troubled("the store could not be asked what other nodes have done", error);
  }

  /** However little news comes, what others wrote is seen. */
  async #poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    this.#polls++;
    const isDue = !this.isFresh || this.#polls % POLLS_IF_FRESH === 0;
    const all = this.#holds.all();
    await this.#check(isDue ? all : all.filter((id) => !this.#followed.has(id)));
    if (!this.isFresh) this.#members.lookAtSome(USERS_A_POLL).catch((error: unknown) => this.#unread(error));
    else if (isDue) this.#rooms.tellAll();
    if (isDue) this.presence.renew();
    if (isDue) await this.#rooms.heedStore();
    this.#letGo();
    this.#polling = false;
  }

  /** Classes without sockets here are let go of, and sessions that somebody only passed by. */
  #letGo(): void {
    const { sessions, letGoMs, pollEveryMs } = this.parts;
    for (const classId of this.#holds.unused(letGoMs)) {
      if (!sessions.letGo(classId)) continue;
      this.#bus.leave(channelOf(classId));
      this.#holds.drop(classId);
      this.#followed.delete(classId);
      this.#rooms.forget(classId);
      this.presence.forget(classId);
    }
    for (const classId of this.#strays.keys())
      if (!sessions.memory.ofClass(classId)) this.#strays.delete(classId);
    for (const { session } of sessions.memory.all()) {
      const { classId } = session;
      const since = this.#strays.get(classId) ?? this.#polls;
      if (this.#holds.isHeard(classId)) this.#strays.delete(classId);
      else if ((this.#polls - since) * pollEveryMs < letGoMs) this.#strays.set(classId, since);
      else if (sessions.letGo(classId)) this.#strays.delete(classId);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#bus.close();
  }
}
