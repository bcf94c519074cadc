import type { Store } from "../../src/ports/store.ts";

type Sessions = Store["sessions"];

/** The store as it is over a network: each answer takes up to `ms`, and what is asked first need not be done first. */
export function slowStore(store: Store, ms: number): Store {
  const some = () => Bun.sleep(Math.random() * ms);
  const slow = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return async (...given: unknown[]) => {
          await some();
          const answer: unknown = await method.apply(target, given);
          await some();
          return answer;
        };
      },
    });
  const sessions = slow(store.sessions);
  const append: Sessions["append"] = (batches) => {
    const outcomes = some().then(() => Promise.all(store.sessions.append(batches)));
    return batches.map(async (_, index) => {
      const outcome = (await outcomes)[index];
      await some();
      if (!outcome) throw new Error("a batch without an outcome");
      return outcome;
    });
  };
  return {
    ...store,
    users: slow(store.users),
    classes: slow(store.classes),
    records: slow(store.records),
    audit: slow(store.audit),
    tickets: slow(store.tickets),
    nodes: slow(store.nodes),
    sessions: new Proxy(sessions, {
      get: (target, name) => (name === "append" ? append : Reflect.get(target, name)),
    }),
    close: async () => undefined,
  };
}
