/** What went wrong, by what the person can do about it. */
export type ErrorKind =
  | "offline"
  | "busy"
  | "unauthorized"
  | "forbidden"
  | "missing"
  | "refused"
  | "broken"
  | "app";

/** What the video classroom says by itself to an administrator. */
export const IN_NO_CLASS = "An admin is in no class";

/** Refusals that have words of their own, by the contract's text. */
const REFUSALS = {
  "Email already exists": "emailTaken",
  "Invalid email or password": "badCredentials",
  "Forbidden, invitation required": "invitation",
  "Invalid request schema": "invalid",
  "This class has reached its size limit, ask the operator to raise CLASS_SIZE_MAX": "classFull",
  "This password is among the 10,000 commonest, choose another": "commonPassword",
  "This account has no password here, its sign-in is handled by another system": "noPassword",
  "This code is unknown, used or expired, ask for a new one": "badCode",
  "This is your own account, ask another admin to change it": "ownAccount",
  "A session of this class is running, end it first": "sessionRunning",
  "This server has an admin already, sign in instead": "alreadySetUp",
  "This server has users already, set it up without the demo": "notEmpty",
  "Invalid class ID": "noClass",
  "Class not found": "noClass",
  "Forbidden, not class teacher": "notYourClass",
  [IN_NO_CLASS]: "inNoClass",
} as const;

type Refusal = (typeof REFUSALS)[keyof typeof REFUSALS];

/** An answer of the API that is none. */
export class ApiError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Of an answer's status and the error that it tells. */
  static of(status: number, text: string): ApiError {
    return new ApiError(kindOf(status), status, text);
  }

  /** The key of the words for this refusal; null where it has none of its own. */
  get refusal(): Refusal | null {
    return isKnown(this.message) ? REFUSALS[this.message] : null;
  }
}

/** The kind of anything that was thrown. */
export const errorKind = (error: unknown): ErrorKind => (error instanceof ApiError ? error.kind : "app");

const isKnown = (text: string): text is keyof typeof REFUSALS => text in REFUSALS;

function kindOf(status: number): ErrorKind {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "missing";
  if (status === 429 || status === 503) return "busy";
  return status < 500 ? "refused" : "broken";
}
