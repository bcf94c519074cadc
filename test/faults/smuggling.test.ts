import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { fateOf } from "./http-peer.ts";
import { smugglings } from "./smuggling.ts";

setDefaultTimeout(60_000);
const siege = await besiege({ classes: 1, students: 2, spare: 0 });
afterAll(() => siege.end());
const cls = classOf(siege, 0);
const neighbours = await Neighbours.seat(siege, cls);
// Whose token is known is answered at once. Bun drops a further request that comes before the first use is checked.
await siege.server.ask("GET", "/me", cls.students[1]?.token ?? "");
const rows = smugglings(cls.students[1]?.token ?? "");

test.each(rows.map((row) => [row.what, row] as const))(
  "W20 %s: nothing hidden in a request is taken for another, and it is answered as RFC 9112 asks, or as the table says",
  async (_what, { sends, asks, bunDiffers }) => {
    expect(await fateOf(siege.server.url, sends)).toBe(bunDiffers ?? asks);
    await neighbours.areServed();
  },
);

test("W20 the table has each once, and names only differences that are some", () => {
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  for (const { asks, bunDiffers } of rows) expect(bunDiffers).not.toBe(asks);
});
