/** Lets everyone else have a turn: long work in pieces, so that sockets need not wait for it. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
