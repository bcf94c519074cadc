import { expect, test } from "bun:test";
import { verify } from "../../src/log/verify.ts";
import { house, socket, user } from "./house.ts";

const FROM = 1_700_000_000_000;

test("PR10 who comes and goes stands in the log with the moment and the witness, those of one moment in one commit", async () => {
  const { book, clock, id, server, stays } = await house();
  const before = server.live.position.number;
  for (let n = 1; n <= 200; n++) book.passed("entered", socket(n), id);
  clock.at += 5000;
  book.passed("left", socket(1), id);
  await book.settle(id);
  expect(server.live.position.number).toBe(before + 1);
  expect(stays(1)).toEqual([
    { device: "socket one s1", from: FROM, fromBy: "socket", to: FROM + 5000, toBy: "socket" },
  ]);
  expect(stays(200)).toMatchObject([{ from: FROM, to: null }]);
  expect(server.told.find(({ type }) => type === "entered")).toMatchObject({ by: null, via: "system" });
});

test("PR10 nobody has to ask for it to be written", async () => {
  const { book, id, server } = await house();
  book.passed("entered", socket(1), id);
  await server.until("entered");
  book.passed("left", socket(1), id);
  await server.until("left");
  await book.settle(id);
  expect(book.isOpen).toBe(false);
});

test("PR10 a page that is back at once never left", async () => {
  const { book, id, server } = await house();
  book.passed("entered", socket(1), id);
  await book.settle(id);
  for (let again = 0; again < 50; again++) {
    book.passed("left", socket(1), id);
    book.passed("entered", socket(1), id);
  }
  await book.settle(id);
  expect(server.names).toEqual(["entered"]);
});

test("PR10 what could not be written is tried again, with the moment at which it was", async () => {
  const { book, clock, fail, id, server, stays } = await house();
  fail("append");
  book.passed("entered", socket(1), id);
  await book.settle(id);
  expect(server.names).toEqual([]);
  clock.at += 700;
  book.passed("left", socket(1), id);
  clock.at += 9000;
  fail();
  await server.until("left");
  expect(stays(1)).toMatchObject([{ from: FROM, to: FROM + 700 }]);
});

test("PR10 a socket that was cut off for its silence left when it was last heard of", async () => {
  const { book, clock, id, stays } = await house();
  book.passed("entered", socket(1), id);
  clock.at += 60_000;
  book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
  await book.settle(id);
  const [stay] = stays(1);
  expect(stay).toMatchObject({ toBy: "last-sign-of-life" });
  expect(Math.abs((stay?.to ?? 0) - (FROM + 19_000))).toBeLessThan(200);
});

test("PR10 nothing is kept of a session that is over", async () => {
  const { book, id, server } = await house();
  book.passed("entered", socket(1), id);
  await book.settle(id);
  await server.end([user(1), user(2)]);
  book.passed("left", socket(1), id);
  book.passed("entered", socket(2), id);
  await book.settleAll();
  expect(book.isOpen).toBe(false);
  expect(server.names).toEqual(["entered", "ended"]);
});

test("PR12 a server that was taken for dead puts its sockets back from the moment of their leaving", async () => {
  const { book, id, server, stays, store } = await house();
  book.passed("entered", socket(1), id);
  await book.settle(id);
  book.restore();
  await book.settle(id);
  expect(server.names).toEqual(["entered"]);
  const other = { by: null, via: "system" } as const;
  const left = { type: "left", user: user(1), device: "socket one s1" } as const;
  await server.live.commit(other, () => ({
    ok: true,
    value: undefined,
    events: [{ ...left, when: FROM + 3000, witness: "last-sign-of-life" }],
  }));
  book.restore();
  await book.settle(id);
  expect(stays(1)).toMatchObject([{ to: FROM + 3000 }, { from: FROM + 3000, to: null }]);
  await server.end([user(1)]);
  expect((await verify(store)).faults).toEqual([]);
});

test("PR13 a carrier's word twice, late and out of order leaves one stay beside the socket's", async () => {
  const { book, id, stays } = await house();
  const seen = { session: id, user: user(1), device: "PA_1", when: FROM + 100 };
  book.passed("entered", socket(1), id);
  book.told("entered", seen);
  book.told("entered", seen);
  book.told("left", { ...seen, device: "PA_0" });
  book.told("left", { ...seen, when: FROM + 900 });
  await book.settle(id);
  expect(stays(1)).toEqual([
    { device: "socket one s1", from: FROM, fromBy: "socket", to: null, toBy: null },
    { device: "carried PA_1", from: FROM + 100, fromBy: "webhook", to: FROM + 900, toBy: "webhook" },
  ]);
});

test("PR13 a participant whose leaving was told is not let in again by an older word or list", async () => {
  const { book, id, server, stays } = await house();
  const seen = { session: id, user: user(1), device: "PA_1", when: FROM + 100 };
  book.told("entered", seen);
  book.told("left", { ...seen, when: FROM + 900 });
  await book.settle(id);
  book.told("entered", seen);
  book.listed(id, [seen], FROM + 950);
  await book.settle(id);
  await server.live.idle();
  expect(stays(1)).toMatchObject([{ from: FROM + 100, to: FROM + 900, toBy: "webhook" }]);
});

test("PR13 PR18 the carrier's list sees in whose webhook never came, and out whom it does not name, since it did, sockets never", async () => {
  const { book, id, server, stays } = await house();
  const second = { user: user(2), device: "PA_2", when: FROM };
  book.passed("entered", socket(2), id);
  book.told("entered", { session: id, ...second });
  await book.settle(id);
  book.listed(id, [second], FROM + 10_000);
  book.listed(id, [{ user: user(1), device: "PA_1", when: FROM + 500 }], FROM + 40_000);
  await server.until("left");
  expect(stays(1)).toMatchObject([{ device: "carried PA_1", from: FROM + 500, fromBy: "list", to: null }]);
  expect(stays(2)).toMatchObject([
    { device: "socket one s2", to: null },
    { device: "carried PA_2", to: FROM + 10_000, toBy: "list" },
  ]);
});

test("PR13 a list that is older than the word of who has just come, or than another list, puts nobody out", async () => {
  const { book, id, server, stays } = await house();
  const seen = { user: user(1), device: "PA_1", when: FROM + 9000 };
  book.told("entered", { session: id, ...seen });
  await book.settle(id);
  book.listed(id, [], FROM + 9500);
  book.listed(id, [seen], FROM + 30_000);
  book.listed(id, [], FROM + 29_000);
  await server.live.idle();
  expect(stays(1)).toMatchObject([{ from: FROM + 9000, to: null }]);
});

test("PR18 while the carrier does not answer, who is there by its word alone is not, since it named them last", async () => {
  const { book, id, server, stays } = await house();
  const [first, second] = [1, 2].map((n) => ({ user: user(n), device: `PA_${n}`, when: FROM }));
  if (!first || !second) throw new Error("two");
  for (const one of [first, second]) book.told("entered", { session: id, ...one });
  book.passed("entered", socket(1), id);
  await book.settle(id);
  book.listed(id, [first, second], FROM + 10_000);
  book.unanswered(id);
  await server.until("left");
  expect(stays(1)).toMatchObject([{ device: "carried PA_1", to: null }, { to: null }]);
  expect(stays(2)).toMatchObject([{ to: FROM + 10_000, toBy: "last-sign-of-life" }]);
  // It was there all the while.
  book.listed(id, [first, second], FROM + 60_000);
  await server.until("entered");
  await server.live.idle();
  expect(stays(2)).toMatchObject([
    { from: FROM, to: FROM + 10_000 },
    { from: FROM, to: null },
  ]);
});

test("PR13 a word of leaving that comes before the word of coming ends the stay all the same, however both come", async () => {
  for (const how of ["together", "apart", "listed"] as const) {
    const { book, id, server, stays } = await house();
    const seen = { session: id, user: user(1), device: "PA_1", when: FROM + 100 };
    book.told("left", { ...seen, when: FROM + 900 });
    if (how !== "together") await book.settle(id);
    if (how === "listed") book.listed(id, [seen], FROM + 950);
    else book.told("entered", seen);
    book.told("entered", seen);
    await server.until("left");
    await book.settle(id);
    expect(stays(1)).toMatchObject([{ from: FROM + 100, to: FROM + 900, toBy: "webhook" }]);
  }
});

test("PR13 a late word of coming opens nothing that the list has closed, but a later list does", async () => {
  const { book, id, server, stays } = await house();
  const seen = { session: id, user: user(1), device: "PA_1", when: FROM + 100 };
  book.listed(id, [seen], FROM + 500);
  await server.until("entered");
  book.listed(id, [], FROM + 30_000);
  await server.until("left");
  book.told("entered", seen);
  await book.settle(id);
  expect(stays(1)).toMatchObject([{ from: FROM + 100, to: FROM + 500, toBy: "list" }]);
  book.listed(id, [seen], FROM + 60_000);
  await book.settle(id);
  await server.live.idle();
  expect(stays(1)).toMatchObject([{ to: FROM + 500 }, { from: FROM + 100, to: null }]);
});

test("PR60 a page that is back by a new socket after silence was away since its old one was heard of last", async () => {
  for (const silentMs of [5000, 35_000]) {
    const { book, clock, id, stays } = await house();
    book.passed("entered", socket(1), id);
    await book.settle(id);
    clock.at += 60_000;
    book.passed("left", socket(1, "s1", performance.now() - silentMs), id);
    book.passed("entered", socket(1), id);
    await book.settle(id);
    const [stay, more] = stays(1);
    expect(stay).toMatchObject({ toBy: "last-sign-of-life" });
    expect(Math.abs((stay?.to ?? 0) - (clock.at - silentMs))).toBeLessThan(200);
    expect(more).toMatchObject({ from: clock.at, to: null });
  }
});

test("PR60 who is back at once after being cut off for silence was away all that time", async () => {
  const { book, clock, id, stays } = await house();
  book.passed("entered", socket(1), id);
  await book.settle(id);
  clock.at += 60_000;
  book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
  clock.at += 500;
  book.passed("entered", socket(1), id);
  await book.settle(id);
  expect(stays(1)).toMatchObject([{ toBy: "last-sign-of-life" }, { from: clock.at, to: null }]);
});

test("PR60 an absence while the store failed is one", async () => {
  const { book, clock, fail, id, server, stays } = await house();
  book.passed("entered", socket(1), id);
  await book.settle(id);
  fail("append");
  book.passed("left", socket(1), id);
  await book.settle(id);
  clock.at += 600_000;
  book.passed("entered", socket(1), id);
  await book.settle(id);
  fail();
  await server.until("left");
  expect(stays(1)).toMatchObject([{ to: FROM }, { from: FROM + 600_000, to: null }]);
});

test("PR60 a socket left when it was heard of last where that is a second longer ago than a ping was due", async () => {
  for (const [silentMs, dialect, isSilent] of [
    [2500, "v1", false],
    [3100, "v1", true],
    [3100, "plain", true],
    [30_000, "socket-io", false],
    [41_000, "socket-io", true],
  ] as const) {
    const { book, clock, id, stays } = await house();
    book.passed("entered", socket(1), id);
    clock.at += 60_000;
    book.passed("left", socket(1, "s1", performance.now() - silentMs, dialect), id);
    await book.settle(id);
    const [stay] = stays(1);
    expect(stay?.toBy).toBe(isSilent ? "last-sign-of-life" : "socket");
    expect(Math.abs((stay?.to ?? 0) - (clock.at - (isSilent ? silentMs : 0)))).toBeLessThan(200);
  }
});
