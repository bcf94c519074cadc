/** Why the server cannot start, in one sentence that tells the operator what to do; printed without a stack. */
export class StartError extends Error {}
