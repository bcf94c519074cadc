import { indexedDbStorage, type QueueStorage } from "../../client/index.ts";

/** Where commands wait for their answer, and outlive the page. */
export const commands = (): QueueStorage => indexedDbStorage("rollcall-commands");
