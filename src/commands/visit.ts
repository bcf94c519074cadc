/** What a request says of itself beside who sends it. */
export interface Visit {
  /** Where it comes from, as limits count it. */
  readonly address: string;
}

/** What has no request: a frame of a socket. */
export const NOWHERE: Visit = { address: "" };
