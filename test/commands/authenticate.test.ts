import { expect, test } from "bun:test";
import { SignJWT } from "jose";
import { createAuthenticate } from "../../src/commands/authenticate.ts";
import { createTickets } from "../../src/identity/tickets.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { NOON } from "../contracts/batches.ts";
import { person } from "../contracts/checks-people.ts";
import { accessOf } from "../identity/access.ts";

const secret = "s".repeat(40);
const ada = person(1, "Ada", "teacher");
const other = { userId: person(2, "Bob").id, role: "teacher" } as const;
const always = { validFrom: 0, validUntil: Number.POSITIVE_INFINITY };
const known = { id: ada.id, role: ada.role, name: ada.name };

/** Ada in a store, and whoever checks her credentials; the clock stands still unless it is moved. */
async function entrance() {
  const clock = { at: NOON, now: () => clock.at };
  const memory = createMemoryStore();
  const { users, tickets: store } = memory;
  await users.add(ada);
  const tokens = createTokens({ secret, lifetimeMs: 86_400_000, clock });
  const tickets = createTickets({ store, lifetimeMs: 30_000, clock });
  const reasons: string[] = [];
  const authenticate = createAuthenticate({
    tokens,
    tickets,
    users,
    browsers: accessOf({ store: memory, clock }).browsers,
    outsiders: async () => "subject-taken",
    refused: (reason) => reasons.push(reason),
  });
  const now = async () => (await users.byId(ada.id)) ?? ada;
  return {
    clock,
    users,
    reasons,
    ...authenticate,
    token: async () => tokens.issue(await now()),
    ticket: async () => {
      const { id: userId, tokensFrom } = await now();
      return (await tickets.issue({ userId, tokensFrom })).ticket;
    },
  };
}

test("OI2 within one millisecond a token from before the change is refused and one from after it passes", async () => {
  const { users, reasons, byToken, token } = await entrance();
  for (let change = 0; change < 3; change++) {
    const before = await token();
    expect(await byToken(before)).toMatchObject(known);
    await users.update(ada.id, { tokensFrom: NOON });
    expect(await byToken(before)).toBeNull();
    expect(await byToken(await token())).toMatchObject(known);
  }
  expect(reasons).toEqual(["superseded", "superseded", "superseded"]);
});

test("OI2 a token from before the change is refused though the clock went back since", async () => {
  const { clock, users, byToken, token } = await entrance();
  const before = await token();
  clock.at -= 3_600_000;
  await users.update(ada.id, { tokensFrom: clock.at });
  expect(await byToken(before)).toBeNull();
  expect(await byToken(await token())).toMatchObject(known);
});

test("OI2 a ticket from before the change is refused, and one from after it passes", async () => {
  const { users, reasons, byTicket, ticket } = await entrance();
  const before = await ticket();
  await users.update(ada.id, { tokensFrom: NOON });
  expect(await byTicket(before)).toBeNull();
  expect(await byTicket(await ticket())).toMatchObject(known);
  expect(await byTicket("nobody's")).toBeNull();
  expect(reasons).toEqual(["superseded", "ticket"]);
});

test("OI2 another system's token of our secret holds until the second after its making", async () => {
  const { users, reasons, byToken } = await entrance();
  const theirs = (issuedAt: number | null) => {
    const token = new SignJWT({ userId: ada.id, role: "teacher" }).setProtectedHeader({ alg: "HS256" });
    if (issuedAt !== null) token.setIssuedAt(issuedAt / 1000);
    return token.setExpirationTime(NOON / 1000 + 60).sign(new TextEncoder().encode(secret));
  };
  for (const issuedAt of [null, NOON]) expect(await byToken(await theirs(issuedAt))).toMatchObject(known);
  await users.update(ada.id, { tokensFrom: NOON + 1 });
  for (const issuedAt of [null, NOON]) expect(await byToken(await theirs(issuedAt))).toBeNull();
  expect(await byToken(await theirs(NOON + 1000))).toMatchObject(known);
  expect(reasons).toEqual(["superseded", "superseded"]);
});

test("OI1 a disabled user is nobody, by token and by ticket, and is somebody again once enabled", async () => {
  const { users, reasons, byToken, byTicket, token, ticket } = await entrance();
  const [held, first, second] = [await token(), await ticket(), await ticket()];
  await users.update(ada.id, { disabled: true });
  expect([await byToken(held), await byTicket(first)]).toEqual([null, null]);
  expect(reasons).toEqual(["disabled", "disabled"]);
  await users.update(ada.id, { disabled: false });
  expect([await byToken(held), await byTicket(second)]).toMatchObject([known, known]);
});

test("OI1 nobody is whoever brings no token, nonsense, or a token of a user who is not there", async () => {
  const { reasons, byToken, token, users } = await entrance();
  for (const none of [null, "", "a.b.c"]) expect(await byToken(none)).toBeNull();
  const elsewhere = createAuthenticate({
    tokens: { verify: async () => ({ kind: "own", ...other, tokensFrom: 0, issuedAt: null, ...always }) },
    tickets: { redeem: async () => null },
    browsers: { find: async () => null, list: async () => [] },
    outsiders: async () => "subject-taken",
    users,
    refused: (reason) => reasons.push(reason),
  });
  expect(await elsewhere.byToken("a good one")).toBeNull();
  expect(reasons).toEqual(["missing", "missing", "malformed", "unknown-user"]);
  await users.update(ada.id, { role: "student" });
  expect(await byToken(await token())).toMatchObject({ ...known, role: "student" });
});
