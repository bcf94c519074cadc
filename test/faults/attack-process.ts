import { z } from "zod";
import { ATTACKS, type AttackName, planOf } from "./attacks.ts";
import { Swarm } from "./swarm.ts";

const isAttack = (name: unknown): name is AttackName =>
  typeof name === "string" && Object.hasOwn(ATTACKS, name);

const order = z.object({
  name: z.custom<AttackName>(isAttack),
  url: z.url(),
  tokens: z.array(z.string()),
  sockets: z.int().positive(),
});

/** An attack in a process of its own, as it would be on a machine of its own; it ends with its standard input. */
const { name, sockets, ...target } = order.parse(JSON.parse(process.argv[2] ?? ""));
const swarm = await Swarm.gather(planOf(name, target, sockets, true));
console.log("attacking");
for await (const _ of Bun.stdin.stream());
console.log(JSON.stringify({ held: swarm.held, cut: swarm.cut }));
swarm.end();
process.exit(0);
