import { expect, test } from "bun:test";
import { createPasswords } from "../../src/identity/passwords.ts";

const passwords = createPasswords({ atOnce: 2, waiting: 100 });

test("I4 passwords are hashed by argon2id with m=19456, t=2, p=1", async () => {
  const hash = await passwords.hash("correct horse");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("wrong horse", hash)).toBe(false);
  expect(passwords.isOutdated(hash ?? "")).toBe(false);
});

test("I3 bcrypt hashes are verified, and known as outdated", async () => {
  const hash = await Bun.password.hash("correct horse", { algorithm: "bcrypt", cost: 4 });
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("wrong horse", hash)).toBe(false);
  expect(passwords.isOutdated(hash)).toBe(true);
});

test("I2 an unknown user's password is computed like any other, and a broken hash lets nobody in", async () => {
  expect(await passwords.verify("whatever", null)).toBe(false);
  expect(await passwords.verify("whatever", "not a hash")).toBe(false);
  expect(await passwords.verify("", null)).toBe(false);
});

test("I5 no more are computed at once and no more wait than allowed; the next is turned away", async () => {
  const narrow = createPasswords({ atOnce: 1, waiting: 1 });
  const [first, second, third] = await Promise.all([narrow.hash("a"), narrow.hash("b"), narrow.hash("c")]);
  expect([first === null, second === null, third]).toEqual([false, false, null]);
  expect(await narrow.hash("d")).not.toBeNull();
  const asked = await Promise.all([
    narrow.verify("a", first ?? ""),
    narrow.verify("a", null),
    narrow.verify("a", null),
  ]);
  expect(asked).toEqual([true, false, "busy"]);
});

const bcryptOf = (password: string) => Bun.password.hash(password, { algorithm: "bcrypt", cost: 4 });

test("MG3 where users are shared bcrypt stays, and where the other program knows no other, new ones are bcrypt", async () => {
  const kept = createPasswords({ atOnce: 2, waiting: 100 }, "kept");
  expect(kept.isOutdated(await bcryptOf("correct horse"))).toBe(false);
  expect(kept.isOutdated("$argon2id$v=19$m=4096,t=1,p=1$c2FsdA$aGFzaA")).toBe(true);
  expect(await kept.hash("correct horse")).toStartWith("$argon2id$");
  const made = createPasswords({ atOnce: 2, waiting: 100 }, "made");
  const hash = await made.hash("correct horse");
  expect(hash).toMatch(/^\$2[by]\$10\$/);
  expect(await made.verify("correct horse", hash)).toBe(true);
  expect(await made.verify("correct horse", null)).toBe(false);
  expect(made.isOutdated(hash ?? "")).toBe(false);
});
