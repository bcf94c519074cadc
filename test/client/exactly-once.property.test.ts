import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Client, type CommandState, memoryStorage, type Sent } from "../../client/index.ts";
import { loadLog } from "../../src/log/load.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { type Act, acts, classId, rolls, teacher } from "../core/arbitrary.ts";
import { House, quiet, turn } from "../dialects/house.ts";
import { truth } from "../dialects/observer.ts";
import { addClass } from "../faults/node.ts";
import { type Loss, World } from "./lossy.ts";

const losses = fc.array(fc.record({ up: fc.nat(6), down: fc.nat(9), silent: fc.boolean() }), {
  maxLength: 15,
});
const happenings = fc.constantFrom(
  "nothing",
  "nothing",
  "nothing",
  "nothing",
  "kill",
  "reload",
  "time" as const,
);
const steps = acts.chain((all) =>
  fc.tuple(
    ...all.map((act) => fc.record({ act: fc.constant(act), happening: happenings, turns: fc.nat(4) })),
  ),
);

/** Everything that was asked, in order, and all that was told of each. */
class Ledger {
  readonly asked: string[] = [];
  /** Those that a running session never refuses: what was refused before its answer was lost may be done later. */
  readonly firm: string[] = [];
  readonly told = new Map<string, Set<string>>();
  session = "0".repeat(24);

  note({ id }: Sent, firm = false): void {
    this.asked.push(id);
    if (firm) this.firm.push(id);
  }

  follow(client: Client): void {
    client.on("session", ({ session }) => {
      this.session = session;
    });
    client.on("command", (state) => this.#tell(state));
  }

  #tell(state: CommandState): void {
    if (state.state === "sending") return;
    const { outcome, command } = state;
    const answer = outcome.ok ? `saved ${outcome.session} ${outcome.seq}` : "refused";
    this.told.set(command.id, (this.told.get(command.id) ?? new Set()).add(answer));
  }
}

function perform({ client, house }: World, ledger: Ledger, act: Act): void {
  const { session } = ledger;
  switch (act.verb) {
    case "mark":
      ledger.note(client.mark(session, act.student, act.status));
      break;
    case "markMany":
      ledger.note(client.markMany(session, act.whom, act.status), typeof act.whom === "string");
      break;
    case "undo":
      ledger.note(client.undo(session, act.of));
      break;
    case "end":
      ledger.note(client.end(session), true);
      ledger.note(client.start(classId), true);
      break;
    case "enter":
    case "leave":
      house.pass(act);
      break;
    default:
      void house.place(act.student, act.verb === "enrol");
  }
}

/** The commands of all logs by their ids: where each is. */
async function logged(store: Store) {
  const places: { id: string; at: string }[] = [];
  for (const { id } of await store.sessions.page(null, 1000))
    for (const { command, seq } of (await loadLog(store.sessions, id)).log)
      if (command) places.push({ id: command.id, at: `saved ${id} ${seq}` });
  return places;
}

async function lives(
  roll: Parameters<typeof addClass>[1],
  all: readonly { act: Act; happening: string; turns: number }[],
  lost: readonly Loss[],
  jitter: number,
) {
  const store = createMemoryStore();
  await addClass(store, roll);
  const ledger = new Ledger();
  const house = await new House(store, { resumeEvents: 3 }).start();
  const world = new World(
    house,
    memoryStorage(),
    lost,
    () => jitter,
    (client) => ledger.follow(client),
  );
  ledger.note(world.client.start(classId), true);
  for (const { act, happening, turns } of all) {
    perform(world, ledger, act);
    for (let left = turns; left > 0; left--) await turn();
    if (happening === "kill") await world.killed();
    if (happening === "reload") await world.reload();
    if (happening === "time") await world.timers.pass(20_000);
  }
  await world.heal();
  await quiet();
  return { store, ledger, world };
}

test("C32 over any losses, kills and reloads every command has one outcome, and is done once where that is saved", async () => {
  await fc.assert(
    fc.asyncProperty(
      rolls,
      steps,
      losses,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (roll, all, lost, jitter) => {
        const { store, ledger, world } = await lives(roll, all, lost, jitter);
        const places = await logged(store);
        expect([...ledger.told.keys()].toSorted()).toEqual(ledger.asked.toSorted());
        for (const [id, answers] of ledger.told) {
          const here = places.filter((place) => place.id === id).map(({ at }) => at);
          expect([...answers]).toEqual(here.length > 0 ? here : ["refused"]);
        }
        const order = places.map(({ id }) => ledger.firm.indexOf(id)).filter((at) => at >= 0);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        const running = await store.sessions.runningOf(classId);
        expect(running).not.toBeNull();
        for (const [id, state] of world.client.sessions) {
          const head = (await store.sessions.page(null, 1000)).find((one) => one.id === id);
          if (head) expect(state).toEqual(truth((await loadLog(store.sessions, head.id)).session, teacher));
        }
        expect(world.client.sessions.has(running?.id ?? "")).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});
