import { expect, test } from "bun:test";
import { ending, locking, OPEN_DOOR, removing } from "../../src/core/room/door.ts";
import type { FarMember } from "../../src/hub/room.ts";
import { newUserId } from "../../src/ids.ts";
import { guest, rooms } from "./room-rig.ts";

const [ada, ben, teacher] = [newUserId(), newUserId(), newUserId()];
const ask = (what: "mute" | "unmute", { classId }: ReturnType<typeof rooms>) =>
  ({ event: "ASKED", classId, data: { what, by: teacher } }) as const;

/** What another node has in the room. */
const far = (more: Partial<FarMember["peer"]>, socket = "far"): FarMember => ({
  socket,
  peer: {
    ...{ id: "0".repeat(20), user: ben, role: "student", name: null, since: 1, plain: true, place: 1 },
    ...{ hand: false, mic: false, camera: false, screen: false, muted: false },
    ...more,
  },
  tell: () => undefined,
});

test("RO62 who shows nothing is muted for everyone until asked to unmute, also by another socket", () => {
  for (const dialect of ["plain", "socket-io"] as const) {
    const room = rooms();
    const [page, plain, again] = [guest(ben), guest(ada, dialect), guest(ada, dialect)];
    const muted = () => room.peers().flatMap(({ user, muted }) => (user === ada ? muted : []));
    room.enter(page);
    room.enter(plain);
    const way = () => room.rooms.newestOf(page, ada);
    way()?.tell(ask("mute", room));
    expect(room.told(page).at(-1)?.peers).toMatchObject([{ user: ada, muted: true }]);
    room.rooms.leave(plain);
    room.enter(again);
    expect(muted()).toEqual([true]);
    way()?.tell(ask("unmute", room));
    expect(room.told(page).at(-1)?.peers).toMatchObject([{ user: ada, muted: false }]);
    room.rooms.leave(again);
    room.enter(plain);
    expect(muted()).toEqual([false]);
  }
});

test("RO62 a page shows by its microphone that it is muted, and is never muted for what its user's plain socket was", () => {
  const room = rooms();
  const [plain, page] = [guest(ada, "plain"), guest(ada)];
  const desk = guest(teacher, "v1", "teacher");
  for (const one of [desk, plain]) room.enter(one);
  room.rooms.newestOf(desk, ada)?.tell(ask("mute", room));
  room.enter(page, { shown: { mic: true } });
  const ofPage = () => room.rooms.ownPeer(page);
  expect(ofPage()).toMatchObject({ mic: true, muted: false });
  room.rooms.newestOf(desk, ada)?.tell(ask("mute", room));
  expect(ofPage()).toMatchObject({ mic: false, muted: false });
});

test("RO62 whom another server has muted comes in muted here", () => {
  const room = rooms();
  const { classId, session } = room;
  const tell = (members: FarMember[]) =>
    room.rooms.setFar(classId, { node: "other", session, isCall: false, members });
  room.enter(guest(ada));
  tell([far({})]);
  tell([far({ muted: true })]);
  tell([]);
  const here = guest(ben, "plain");
  room.enter(here);
  expect(room.rooms.ownPeer(here)?.muted).toBe(true);
});

test("RO65 those in a mesh are told when one who comes in finds a call", () => {
  const room = rooms({}, true);
  const [first, second] = [guest(ada), guest(ben)];
  room.enter(first);
  room.enter(second, { isCall: true });
  expect(room.told(first).filter(({ media }) => media)).toMatchObject([{ media: { kind: "livekit" } }]);
  expect(room.rooms.ofClass(room.classId)?.isCall).toBe(true);
});

test("RO64 with one socket more than ROOM_PAGES_MAX the person's oldest is out, whatever it speaks", () => {
  const room = rooms({ pagesMax: 2 });
  const own = [guest(ada), guest(ada, "plain"), guest(ada, "plain"), guest(ada, "socket-io")];
  const other = guest(ben);
  room.enter(other);
  for (const one of own) room.enter(one);
  expect(own.map(({ room }) => room !== null)).toEqual([false, false, true, true]);
  expect(own.map((one) => room.out.get(one))).toEqual(["replaced", "replaced", undefined, undefined]);
  expect(room.peers()).toHaveLength(3);
  expect(room.enter(guest(newUserId()))).toMatchObject({ ok: true });
});

test("RO64 sockets on other servers count, and each server puts out its own", () => {
  const room = rooms({ pagesMax: 2, now: () => 5 });
  const { classId, session } = room;
  const [oldest, newer] = [guest(ada), guest(ada)];
  for (const one of [oldest, newer]) room.enter(one);
  const members = [far({ user: ada, place: 1000 })];
  room.rooms.setFar(classId, { node: "other", session, isCall: false, members });
  expect([oldest, newer].map((one) => room.out.get(one))).toEqual(["replaced", undefined]);
});

test("RO64 a full mesh lets a person in whose oldest socket goes for it, and nobody else", () => {
  for (const isFar of [false, true]) {
    const room = rooms({ pagesMax: 3, now: () => 5 });
    const { classId, session } = room;
    const ghosts = isFar ? [] : [guest(ada, "plain"), guest(ada), guest(ada)];
    const members = [..."123"].map((n) => far({ id: n.repeat(20), user: ada, place: Number(n) }, `far ${n}`));
    for (const one of ghosts) room.enter(one);
    if (isFar) room.rooms.setFar(classId, { node: "other", session, isCall: false, members });
    for (const one of [guest(ben), guest(newUserId())]) room.enter(one);
    expect(room.peers()).toHaveLength(5);
    expect(room.enter(guest(newUserId()))).toMatchObject({ code: "room-full" });
    expect(room.enter(guest(ada))).toMatchObject({ ok: true });
    expect(ghosts.map((one) => room.out.get(one))).toEqual(isFar ? [] : ["replaced", undefined, undefined]);
    expect(room.enter(guest(teacher, "v1", "teacher"))).toMatchObject({ ok: true });
  }
});

test("RO61 a door of which the news was lost holds for all who are in once somebody comes in by it", () => {
  for (const [door, all] of [
    [removing(OPEN_DOOR, ada), ["removed", undefined]],
    [locking(OPEN_DOOR, [ada, ben]), [undefined, undefined]],
    [ending(OPEN_DOOR), ["ended", "ended"]],
  ] as const) {
    const room = rooms();
    const seats = [guest(ada), guest(ben)] as const;
    for (const one of seats) room.enter(one);
    room.enter(guest(newUserId()), { door });
    expect(seats.map((one) => room.out.get(one))).toEqual([...all]);
    const shown = room.told(seats[1]).flatMap((change) => change.door ?? []);
    if (door.state !== "ended")
      expect(shown).toEqual([
        { locked: door.state === "locked", removed: door.removed.map((user) => ({ user, name: null })) },
      ]);
    room.rooms.setDoor(room.classId, room.session, door);
    expect(room.told(seats[1]).flatMap((change) => change.door ?? [])).toEqual(shown);
  }
});

test("RO61 whoever enters again where they were removed meanwhile is out, and refused", () => {
  const room = rooms();
  const seat = guest(ada);
  room.enter(seat);
  expect(room.enter(seat, { door: removing(OPEN_DOOR, ada) })).toMatchObject({ code: "removed-from-room" });
  expect(room.out.get(seat)).toBe("removed");
  expect(room.peers()).toEqual([]);
});
