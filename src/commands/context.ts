import type { SettingShown } from "../config/shown.ts";
import type { Config } from "../config.ts";
import type { RefusalCode } from "../core/errors.ts";
import type { Accounts } from "../core/issuer.ts";
import type { Hub } from "../hub/hub.ts";
import type { Neighbours } from "../hub/neighbours.ts";
import type { EndedLogs } from "../log/ended-logs.ts";
import type { Finder } from "../log/finder.ts";
import type { Sessions } from "../log/sessions.ts";
import type { Trail } from "../log/trail.ts";
import type { BrowserSessions, Devices } from "../ports/browser-sessions.ts";
import type { Calls } from "../ports/calls.ts";
import type { Clock } from "../ports/clock.ts";
import type { Codes, OutsideSignIn, Passwords, Tickets, Tokens } from "../ports/identity.ts";
import type { RoomWitness } from "../ports/room-witness.ts";
import type { Store } from "../ports/store.ts";
import type { LoginThrottle } from "../ports/throttle.ts";
import type { VisitorBook } from "../presence/visitor-book.ts";
import type { AloneInCalls } from "./alone-in-calls.ts";
import type { CallRounds } from "./call-rounds.ts";
import type { Outsiders } from "./outsiders.ts";

type Limits =
  | "CLASS_SIZE_MAX"
  | "ROSTER_PRIVACY"
  | "TEACHER_SIGNUP"
  | "PAGE_SIZE_MAX"
  | "RESUME_EVENTS_MAX"
  | "VIDEO_MESH_MAX"
  | "CHAT_CHARS_MAX"
  | "CHAT_SHOWN_MAX"
  | "PRESENCE_BRIDGE_MS"
  | "STUN_URLS"
  | "TURN_URLS"
  | "TURN_SECRET"
  | "TURN_LIFETIME_MS"
  | "LIVEKIT_ALONE_MS";

/** What commands work with. */
export interface Context {
  readonly store: Store;
  readonly sessions: Sessions;
  /** Which session is meant. */
  readonly find: Finder;
  readonly neighbours: Neighbours;
  readonly hub: Hub;
  readonly endedLogs: EndedLogs;
  /** Who came into the video rooms and left them. */
  readonly visitors: Pick<VisitorBook, "settle">;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly logins: LoginThrottle;
  readonly browsers: BrowserSessions;
  readonly devices: Devices;
  readonly codes: Codes;
  /** Where deeds are written down. */
  readonly trail: Pick<Trail, "note" | "failed">;
  /** Fills an empty database with a school to try. */
  readonly fillDemo: () => Promise<unknown>;
  readonly clock: Clock;
  /** The media server for rooms too large for a mesh; null where none is set up. */
  readonly calls: Calls | null;
  /** Takes what it says of who is there. */
  readonly witness: RoomWitness;
  /** Asks it who is there. */
  readonly callRounds: CallRounds;
  /** Who is there without a socket in the room. */
  readonly aloneInCalls: AloneInCalls;
  readonly outsiders: Outsiders;
  /** Signing in at the outside issuer; null where that is not set up. */
  readonly outsideSignIn: OutsideSignIn | null;
  /** Whether an outside issuer is set up, whose tokens say the roles of its people. */
  readonly hasIssuer: boolean;
  /** Who makes accounts and takes passwords. */
  readonly accounts: Accounts;
  readonly limits: Pick<Config, Limits>;
  /** Every setting as admins are shown it. */
  readonly settings: readonly SettingShown[];
  /** Something failed that an operator should know of. */
  readonly troubled: (what: string, error: unknown, where?: Where) => void;
  /** A command was refused: for the metrics. */
  readonly refused: (code: RefusalCode) => void;
}

/** The request or the socket that something is about, by its id in the log. */
export type Where = { readonly request: string } | { readonly socket: string };
