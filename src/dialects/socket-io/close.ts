/** Why a WebSocket of this dialect is closed. Official clients see `transport close` and connect again, whatever the code. */
export const CLOSE = {
  normal: 1000,
  /** Not what an Engine.IO or Socket.IO client sends, or not in that order. */
  protocol: 1002,
  /** It does not read what it is sent. */
  slow: 1008,
  /** Nobody came in: no token was given in time that holds. */
  nobody: 4408,
} as const;
