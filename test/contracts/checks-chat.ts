import { expect } from "bun:test";
import type { ChatMessage } from "../../src/ports/chat.ts";
import { NOON, userId } from "./batches.ts";
import { check, classTwo, type StoreCheck, started } from "./checks.ts";

const message = (session: ChatMessage["session"], count: number, user = 1): ChatMessage => ({
  ...{ id: `message ${count}`, session, at: NOON + count, user: userId(user) },
  text: `Which page? 🙂 ${count}`,
});

/** What is said of the chat. */
export const chatChecks: readonly StoreCheck[] = [
  check(
    "ST96",
    "what was said is read in order, the last of it, by session and by user",
    async ({ store, reopen }) => {
      const [{ head }, { head: other }] = [await started(store), await started(store, 2, classTwo)];
      const [one, two, three] = [message(head.id, 1), message(head.id, 2, 2), message(head.id, 3)];
      for (const said of [one, two, three, message(other.id, 9), one]) await store.chat.add(said);
      for (const { chat } of [store, (await reopen?.()) ?? store]) {
        expect(await chat.last(head.id, 2)).toEqual([two, three]);
        expect(await chat.last(head.id, Number.MAX_SAFE_INTEGER)).toEqual([one, two, three]);
        expect(await chat.page(head.id, null, 2)).toEqual([one, two]);
        expect(await chat.page(head.id, two, 2)).toEqual([three]);
        expect(await chat.page(head.id, three, 2)).toEqual([]);
        expect(await chat.ofUser(userId(1))).toEqual([one, three, message(other.id, 9)]);
        expect(await chat.ofUser(userId(3))).toEqual([]);
      }
    },
  ),
  check(
    "ST96",
    "pages of what was said hold all of it once, those of one moment by their ids",
    async ({ store }) => {
      const [{ head }, { head: other }] = [await started(store), await started(store, 2, classTwo)];
      const said = [3, 1, 4, 2, 5].map((count) => ({
        ...message(head.id, count),
        at: NOON + (count > 3 ? 1 : 0),
      }));
      for (const one of [...said, message(other.id, 6)]) await store.chat.add(one);
      const read: string[] = [];
      let last: ChatMessage | null = null;
      for (;;) {
        const page: ChatMessage[] = await store.chat.page(head.id, last, 2);
        if (page.length === 0) break;
        read.push(...page.map(({ id }) => id));
        last = page.at(-1) ?? null;
        // Whoever is erased meanwhile keeps nobody's place.
        if (read.length === 2) await store.chat.eraseOf(userId(2));
      }
      expect(read).toEqual([1, 2, 3, 4, 5].map((count) => `message ${count}`));
    },
  ),
  check(
    "ST96",
    "what was said goes with its session, and all of a user's where it is erased",
    async ({ store }) => {
      const [{ head }, { head: other }] = [await started(store), await started(store, 2, classTwo)];
      const kept = message(other.id, 3, 2);
      for (const said of [message(head.id, 1), message(other.id, 2), kept]) await store.chat.add(said);
      await store.chat.eraseOf(userId(1));
      expect(await store.chat.ofUser(userId(1))).toEqual([]);
      expect(await store.chat.last(other.id, 9)).toEqual([kept]);
      await store.sessions.remove(other.id);
      expect(await store.chat.last(other.id, 9)).toEqual([]);
      expect(await store.chat.ofUser(userId(2))).toEqual([]);
    },
  ),
];
