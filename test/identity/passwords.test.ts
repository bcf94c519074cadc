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
