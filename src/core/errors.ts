/**
 * Every refusal the product can give: its HTTP status, its HTTP text and, where the sockets say it
 * differently, its frame text. The texts are part of the wire contract; code tells refusals apart by
 * their key alone.
 */
export const REFUSALS = {
  "invalid-schema": { status: 400, text: "Invalid request schema", frame: "Invalid message format" },
  "invalid-class-id": { status: 400, text: "Invalid class ID", frame: "Invalid message format" },
  "email-taken": { status: 400, text: "Email already exists" },
  "bad-credentials": { status: 400, text: "Invalid email or password" },
  "signup-by-auth0": { status: 400, text: "Signup is handled by Auth0" },
  "signup-elsewhere": { status: 400, text: "Signup is handled by your school's sign-in service" },
  "login-by-auth0": { status: 400, text: "Login is handled by Auth0" },
  "login-elsewhere": { status: 400, text: "Login is handled by your school's sign-in service" },
  "no-password": { status: 400, text: "This account has no password, it is your sign-in service's own" },
  "bad-link-token": {
    status: 400,
    text: "The token to link is no valid access token of the sign-in service",
  },
  "already-linked": { status: 400, text: "This account is linked to another sign-in already" },
  "link-in-use": {
    status: 400,
    text: "This sign-in has an account with classes of its own, ask an admin which one to keep",
  },
  "link-role": { status: 400, text: "The sign-in service gives you another role than this account has" },
  "common-password": {
    status: 400,
    text: "This password is among the 10,000 commonest, choose another",
  },
  "bad-code": { status: 400, text: "This code is unknown, used or expired, ask for a new one" },
  "own-account": { status: 400, text: "This is your own account, ask another admin to change it" },
  "outside-role": {
    status: 400,
    text: "The sign-in service gives this person their role, change it there or disable the account here",
  },
  "has-classes": { status: 400, text: "This teacher has classes, hand them to somebody else first" },
  "session-running": { status: 400, text: "A session of this class is running, end it first" },
  "already-set-up": { status: 400, text: "This server has an admin already, sign in instead" },
  "not-empty": { status: 400, text: "This server has users already, set it up without the demo" },
  "no-active-session": { status: 400, text: "No active attendance session" },
  unauthorized: {
    status: 401,
    text: "Unauthorized, token missing or invalid",
    frame: "Unauthorized or invalid token",
  },
  "teacher-only": {
    status: 403,
    text: "Forbidden, teacher access required",
    frame: "Forbidden, teacher event only",
  },
  "student-only": {
    status: 403,
    text: "Forbidden, student access required",
    frame: "Forbidden, student event only",
  },
  "admin-only": { status: 403, text: "Forbidden, admin access required" },
  "invitation-required": { status: 403, text: "Forbidden, invitation required" },
  "not-class-teacher": { status: 403, text: "Forbidden, not class teacher" },
  "not-enrolled": { status: 403, text: "Forbidden, not enrolled in class" },
  "student-not-enrolled": { status: 403, text: "Student not enrolled in class" },
  "not-authorized-for-class": { status: 403, text: "Forbidden, not authorized for this class" },
  "bad-origin": { status: 403, text: "Forbidden, not from a page of this server" },
  "bad-csrf": { status: 403, text: "Forbidden, CSRF token missing or wrong" },
  "class-not-found": { status: 404, text: "Class not found" },
  "session-not-found": { status: 404, text: "Session not found" },
  "student-not-found": { status: 404, text: "Student not found" },
  "user-not-found": { status: 404, text: "User not found" },
  "teacher-not-found": { status: 404, text: "Teacher not found" },
  "not-found": { status: 404, text: "Not found" },
  "method-not-allowed": { status: 405, text: "Method not allowed" },
  "class-full": {
    status: 400,
    text: "This class has reached its size limit, ask the operator to raise CLASS_SIZE_MAX",
  },
  "too-many-attempts": {
    status: 429,
    text: "Too many wrong passwords, wait before you try again",
  },
  "body-too-large": { status: 413, text: "The request body is too large for this route" },
  "unknown-event": { status: 400, text: "Unknown event" },
  "missing-target": { status: 400, text: "missing targetId in WebRTC message" },
  "peer-not-connected": { status: 404, text: "target peer not connected" },
  "removed-from-room": { status: 403, text: "The teacher has removed you from the room" },
  "room-locked": { status: 403, text: "The teacher has locked the room" },
  "room-ended": { status: 403, text: "The teacher has ended the call" },
  "room-full": { status: 403, text: "The room is full" },
  "mesh-only": { status: 404, text: "No LiveKit here, the room is from peer to peer" },
  "bad-signature": { status: 401, text: "Not signed by the LiveKit of this server" },
  "too-long": { status: 400, text: "This message is too long, say it in several" },
  "too-fast": { status: 429, text: "Too many messages, wait a moment" },
  "not-in-room": { status: 400, text: "Enter the room of the class first" },
  "nothing-to-undo": { status: 400, text: "Nothing to undo, the mark has been replaced or was never made" },
  "id-reused": { status: 400, text: "This command id was used for another command, choose a new one" },
  busy: { status: 503, text: "The server is busy, try again in a few seconds" },
  "could-not-save": { status: 503, text: "Could not save, try again" },
  "log-damaged": {
    status: 503,
    text: "The log of this class's session is damaged, ask the operator to run rollcall verify",
  },
  "shutting-down": { status: 503, text: "The server is restarting, try again in a few seconds" },
  "not-built": {
    status: 503,
    text: "The web app has not been built, ask the operator to start the server with npm start",
  },
  internal: { status: 500, text: "Something went wrong on the server, try again" },
} as const satisfies Record<string, { status: number; text: string; frame?: string }>;

export type RefusalCode = keyof typeof REFUSALS;

/** Where bad input is wrong: `path` names the field, `message` says what it wants. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export interface Refusal<Code extends RefusalCode = RefusalCode> {
  readonly ok: false;
  readonly code: Code;
  readonly issues?: readonly Issue[];
  /** When to come back, in seconds, where that is known. */
  readonly retryAfterS?: number;
}

/** A value, or the refusal to give one; `Code` where it is known which refusals there are. */
export type Result<T, Code extends RefusalCode = RefusalCode> =
  | { readonly ok: true; readonly value: T }
  | Refusal<Code>;

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refuse = <Code extends RefusalCode>(code: Code, issues?: readonly Issue[]): Refusal<Code> =>
  issues ? { ok: false, code, issues } : { ok: false, code };

/** Refused for so many seconds. */
export const refuseFor = <Code extends RefusalCode>(code: Code, retryAfterS: number): Refusal<Code> => ({
  ok: false,
  code,
  retryAfterS,
});

/** What a socket's ERROR frame says for a refusal. */
export function frameText(code: RefusalCode): string {
  const refusal: { text: string; frame?: string } = REFUSALS[code];
  return refusal.frame ?? refusal.text;
}
