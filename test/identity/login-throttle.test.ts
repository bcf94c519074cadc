import { expect, test } from "bun:test";
import { memoryWindows } from "../../src/identity/failure-windows.ts";
import type { Place } from "../../src/ports/throttle.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { accessOf } from "./access.ts";

const SCHOOL = "192.0.2.1";
const place = (account: string, address = SCHOOL, device: string | null = null): Place => ({
  account,
  address,
  device,
});

function setup(limits = {}) {
  const clock = { at: 1_800_000_000_000, now: () => clock.at };
  const { logins } = accessOf({ store: createMemoryStore(), clock, limits });
  let tried = 0;
  const answer = (outcome: "right" | "wrong") => async () => {
    tried++;
    return outcome;
  };
  return {
    clock,
    tried: () => tried,
    wrong: (at: Place) => logins.attempt(at, answer("wrong")),
    right: (at: Place) => logins.attempt(at, answer("right")),
    logins,
  };
}

test("TH1 after five wrong passwords the sixth waits, and is not even tried", async () => {
  const { wrong, right, clock, tried } = setup();
  for (let n = 0; n < 5; n++) expect(await wrong(place("ada"))).toBe("wrong");
  expect(await right(place("ada"))).toEqual({ waitS: 1 });
  expect(tried()).toBe(5);
  clock.at += 1000;
  expect(await wrong(place("ada"))).toBe("wrong");
  expect(await wrong(place("ada"))).toEqual({ waitS: 2 });
  clock.at += 2000;
  expect(await right(place("ada"))).toBe("right");
  expect(await wrong(place("ada"))).toBe("wrong");
});

test("TH1 wrong passwords sent all at once are tried a bounded number of times", async () => {
  const { wrong, tried } = setup();
  await Promise.all(Array.from({ length: 200 }, () => wrong(place("ada"))));
  expect(tried()).toBeLessThanOrEqual(5 + 8);
});

test("TH2 nobody can lock somebody else out: another address, and a remembered device, go on", async () => {
  const { wrong, right } = setup();
  for (let n = 0; n < 20; n++) await wrong(place("ada"));
  expect(await right(place("ada", "192.0.2.2"))).toBe("right");
  expect(await right(place("ada", SCHOOL, "her phone"))).toBe("right");
  expect(await wrong(place("ada"))).toHaveProperty("waitS");
});

test("TH2 a stolen device guesses no faster than an address", async () => {
  const { wrong } = setup();
  for (let n = 0; n < 5; n++) await wrong(place("ada", SCHOOL, "her phone"));
  expect(await wrong(place("ada", SCHOOL, "her phone"))).toEqual({ waitS: 1 });
  expect(await wrong(place("ada"))).toBe("wrong");
});

test("TH3 an address has a limit over all accounts, by the second, that right passwords do not use up", async () => {
  const { wrong, right, clock } = setup({ LOGIN_FAILURES_PER_ADDRESS_PER_S: 20 });
  for (let n = 0; n < 300; n++) expect(await right(place(`pupil ${n}`))).toBe("right");
  for (let n = 0; n < 33; n++) expect(await wrong(place(`guess ${n}`))).toBe("wrong");
  expect(await right(place("pupil 1"))).toEqual({ waitS: 1 });
  expect(await right(place("pupil 1", SCHOOL, "her phone"))).toBe("right");
  clock.at += 1618;
  expect(await right(place("pupil 1"))).toBe("right");
});

test("TH3 who comes back when they are told to gets in, though a hundred guesses a second use it up meanwhile", async () => {
  for (let late = 0; late < 2000; late += 130) {
    const { wrong, right, clock } = setup({ LOGIN_FAILURES_PER_ADDRESS_PER_S: 20 });
    const guess = async (ms: number) => {
      for (let n = 0; n < ms / 10; n++, clock.at += 10) await wrong(place(`guess ${clock.at}`));
    };
    await guess(late);
    let tries = 1;
    for (; tries < 10 && (await right(place("pupil"))) !== "right"; tries++) await guess(1000);
    expect(tries).toBeLessThan(10);
  }
});

test("TH3 three hundred right passwords of one address at the same time all get in", async () => {
  const { right } = setup();
  const all = await Promise.all(Array.from({ length: 300 }, (_, n) => right(place(`pupil ${n}`))));
  expect(all.every((one) => one === "right")).toBe(true);
});

test("TH4 failures are forgotten after a while, and so many keys are kept and no more", async () => {
  const clock = { at: 0, now: () => clock.at };
  const windows = memoryWindows(3, clock);
  for (const key of ["a", "b", "c", "a", "d"]) await windows.add(key, clock.at, 1000);
  expect(await windows.of("a")).toMatchObject({ count: 2 });
  expect(await windows.of("b")).toBeNull();
  expect(await windows.of("d")).toMatchObject({ count: 1 });
  clock.at = 1000;
  expect(await windows.of("a")).toBeNull();
});

test("TH4 a check that fails leaves the place as it was", async () => {
  const { logins, right } = setup();
  const broken = () => logins.attempt(place("ada"), () => Promise.reject(new Error("EIO")));
  for (let n = 0; n < 20; n++) expect(broken()).rejects.toThrow("EIO");
  expect(await right(place("ada"))).toBe("right");
});
