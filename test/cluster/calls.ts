import type { Calls } from "../../src/ports/calls.ts";

/** A media server that writes down what it is told to do; nobody is in its calls but whom `callers` says. */
export function noteCalls(callers: Calls["callers"] = async () => []) {
  const orders: string[] = [];
  const calls: Calls = {
    url: "wss://calls.test",
    pass: async ({ peer }) => ({ url: "wss://calls.test", token: `pass of ${peer}`, expiresAt: Date.now() }),
    remove: async (session, user) => void orders.push(`remove ${user} ${session}`),
    hangUp: async (_session, peer) => void orders.push(`hangUp ${peer}`),
    mute: async (_session, peers) => void orders.push(`mute ${peers}`),
    end: async (session) => void orders.push(`end ${session}`),
    callers,
    heard: async () => "nothing",
  };
  return { calls, orders };
}
