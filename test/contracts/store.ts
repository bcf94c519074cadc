import { describe, test } from "bun:test";
import type { OpenStore, StoreCheck } from "./checks.ts";
import { browserChecks } from "./checks-browsers.ts";
import { chatChecks } from "./checks-chat.ts";
import { commandChecks } from "./checks-commands.ts";
import { doorChecks } from "./checks-doors.ts";
import { durableChecks } from "./checks-durable.ts";
import { heldChecks } from "./checks-held.ts";
import { logChecks } from "./checks-log.ts";
import { moveChecks } from "./checks-move.ts";
import { nodeChecks } from "./checks-nodes.ts";
import { peopleChecks } from "./checks-people.ts";
import { keepingChecks } from "./checks-records.ts";
import { sessionChecks } from "./checks-sessions.ts";
import { trailChecks } from "./checks-trail.ts";
import { accountChecks } from "./checks-users.ts";

/** All that ports/store.ts says, one check a sentence. */
export const storeChecks: readonly StoreCheck[] = [
  ...peopleChecks,
  ...accountChecks,
  ...sessionChecks,
  ...keepingChecks,
  ...heldChecks,
  ...logChecks,
  ...commandChecks,
  ...durableChecks,
  ...browserChecks,
  ...trailChecks,
  ...nodeChecks,
  ...doorChecks,
  ...chatChecks,
  ...moveChecks,
];

/** The acceptance suite of any store: `open` gives a new, empty one each time. */
export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    for (const { rule, name: says, run } of storeChecks) test(`${rule} ${says}`, () => run(open));
  });
}
