import type { Authenticate } from "../commands/authenticate.ts";
import type { CookieName, SignedIn, Visit } from "../commands/visit.ts";
import type { Asked } from "../hub/connection.ts";
import { originOf } from "./client-address.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { deviceOf } from "./device.ts";
import type { Origins } from "./origins.ts";

export interface EntryParts {
  readonly origins: Origins;
  readonly trusted: Parameters<typeof originOf>[2];
  readonly byBrowser: Authenticate["byBrowser"];
}

/** A request as commands know it, and the cookies that its answer will set. */
export class HttpVisit implements Visit {
  readonly address: string;
  readonly isOwn: boolean;
  /** Whether the browser speaks https with us, or with the proxy before us. */
  readonly secure: boolean;
  readonly setCookies: string[] = [];
  #signedIn: Promise<SignedIn | null> | undefined;

  constructor(
    private readonly parts: EntryParts,
    private readonly asked: Asked,
  ) {
    const { origins, trusted } = parts;
    const { headers, url, peer } = asked;
    const { address, scheme } = originOf(peer, headers, trusted);
    this.address = address;
    this.isOwn = origins.isOwn(headers, url, scheme);
    this.secure = scheme === "https" || (scheme === null && origins.publicUrl?.protocol === "https:");
  }

  /** The origin by which people reach this server: as the operator says, else as this request did. */
  originOf({ host }: URL): string {
    return this.parts.origins.publicUrl?.origin ?? `${this.secure ? "https" : "http"}://${host}`;
  }

  get device(): string {
    return deviceOf(this.asked.headers.get("user-agent"));
  }

  cookie(name: CookieName): string | null {
    return readCookie(this.asked.headers.get("cookie"), name, this.secure);
  }

  give(name: CookieName, value: string | null, lifetimeMs = 0): void {
    this.setCookies.push(writeCookie(name, value, { secure: this.secure, lifetimeMs }));
  }

  signedIn(): Promise<SignedIn | null> {
    this.#signedIn ??= this.parts.byBrowser(this.cookie("browser"));
    return this.#signedIn;
  }
}
