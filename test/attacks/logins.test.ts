import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { besiege, classOf, Neighbours } from "../faults/besieged.ts";
import { persist, WrongLogins } from "../faults/wrong-logins.ts";

setDefaultTimeout(120_000);
// So few that a slow machine reaches them too.
const settings = { LOGIN_FAILURES_PER_ADDRESS_PER_S: "10" };
const siege = await besiege({ classes: 1, students: 3, spare: 0 }, settings);
afterAll(() => siege.end());
const neighbours = await Neighbours.seat(siege, classOf(siege, 0), 3);
const { url } = siege.server;
const account = { email: "right@school.test", password: "the right password" };
await siege.server.ask("POST", "/auth/signup", "", { ...account, name: "Right", role: "student" });

test.each(["one account", "many accounts"] as const)(
  "AT7 while 100 wrong logins a second are sent at %s, marks go on and right passwords get in",
  async (aim) => {
    const attack = new WrongLogins(url, 100, aim);
    for (let login = 0; login < 3; login++) {
      await neighbours.areServed();
      expect(await persist(url, account)).toBePositive();
    }
    while ((attack.answered[429] ?? 0) < 100) {
      await neighbours.areServed();
      await Bun.sleep(20);
    }
    const answered = await attack.end();
    await neighbours.areServed();
    expect(Object.keys(answered).toSorted()).toEqual(["400", "429"]);
  },
);
