import { z } from "zod";
import { WrongLogins } from "./wrong-logins.ts";

const order = z.object({
  url: z.url(),
  perSecond: z.number().positive(),
  aim: z.enum(["one account", "many accounts"]),
});

/** The attack in a process of its own, as it would be on a machine of its own; it ends with its standard input. */
const { url, perSecond, aim } = order.parse(JSON.parse(process.argv[2] ?? ""));
const attack = new WrongLogins(url, perSecond, aim);
console.log("attacking");
for await (const _ of Bun.stdin.stream());
console.log(JSON.stringify(await attack.end()));
process.exit(0);
