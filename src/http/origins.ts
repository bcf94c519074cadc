import { StartError } from "../core/start-error.ts";

interface Settings {
  readonly ALLOWED_ORIGINS?: string | undefined;
  readonly PUBLIC_URL?: string | undefined;
}

/** The web origins whose pages may act by a cookie of ours. */
export class Origins {
  /** Those that were set; the server's own host is always one. */
  readonly #listed: ReadonlySet<string>;
  /** Where people reach this server, if that was set. */
  readonly publicUrl: URL | null;

  /** Throws StartError where a setting is no origin. */
  constructor({ ALLOWED_ORIGINS, PUBLIC_URL }: Settings) {
    this.publicUrl = PUBLIC_URL === undefined ? null : webUrl("PUBLIC_URL", PUBLIC_URL);
    const listed = ALLOWED_ORIGINS?.split(",").map((one) => webUrl("ALLOWED_ORIGINS", one.trim()).origin);
    this.#listed = new Set([...(listed ?? []), ...(this.publicUrl ? [this.publicUrl.origin] : [])]);
  }

  /** Whether the origin was set, so that its pages may use cookies from elsewhere. */
  isListed(origin: string): boolean {
    return this.#listed.has(origin);
  }

  /**
   * AC8: whether the page that asks is ours: of a listed origin, or of the host that was asked (and of its scheme,
   * where a proxy that is trusted told it). A browser that names no origin asks for itself or for a page of ours.
   */
  isOwn(headers: Headers, url: URL, scheme: "https" | "http" | null): boolean {
    const origin = headers.get("origin");
    if (origin === null) return !isFromElsewhere(headers.get("sec-fetch-site"));
    if (this.isListed(origin)) return true;
    const asking = URL.parse(origin);
    return asking?.host === url.host && (scheme === null || asking.protocol === `${scheme}:`);
  }
}

const isFromElsewhere = (site: string | null): boolean => site === "cross-site" || site === "same-site";

function webUrl(setting: string, text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new StartError(
    `Bad setting ${setting} (${text} is no address such as https://rollcall.example): correct it in the environment or in .env.`,
  );
}
