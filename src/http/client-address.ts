import { BlockList, isIP } from "node:net";
import { StartError } from "../core/start-error.ts";

const PROXY = /^(?<address>[\da-f.:]+)(?:\/(?<bits>\d{1,3}))?$/i;

/** The proxies of TRUST_PROXY: addresses and networks (10.0.0.0/8), separated by commas. Throws StartError where one is neither. */
export function proxiesOf(list: string | undefined): BlockList | null {
  if (list === undefined) return null;
  const proxies = new BlockList();
  for (const item of list.split(",").map((one) => one.trim())) {
    const { address = "", bits } = PROXY.exec(item)?.groups ?? {};
    const family = isIP(address);
    if (family === 0 || Number(bits ?? 0) > (family === 4 ? 32 : 128)) {
      throw new StartError(
        `Bad setting TRUST_PROXY (${item} is no address and no network such as 10.0.0.0/8): correct it in the environment or in .env.`,
      );
    }
    const kind = family === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) proxies.addAddress(address, kind);
    else proxies.addSubnet(address, Number(bits), kind);
  }
  return proxies;
}

/** What a request says of where it comes from, as far as it may be believed. */
export interface Origin {
  /** An IPv4 address, or the /64 network of an IPv6 one, which is what one household or school has. */
  readonly address: string;
  /** "https" or "http" where a trusted proxy says so, else null. */
  readonly scheme: "https" | "http" | null;
}

/**
 * TH5: who asks, by the socket's own address, or where that is a trusted proxy by the last address in X-Forwarded-For
 * that is none. What an untrusted one writes there counts for nothing.
 */
export function originOf(peer: string, headers: Headers, trusted: BlockList | null): Origin {
  const isTrusted = (address: string) => trusted !== null && isProxy(trusted, address);
  if (!isTrusted(peer)) return { address: network(peer), scheme: null };
  const hops = listed(headers, "x-forwarded-for");
  const client = hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? peer;
  const proto = listed(headers, "x-forwarded-proto").at(-1)?.toLowerCase();
  return {
    address: network(isIP(client) === 0 ? peer : client),
    scheme: proto === "https" || proto === "http" ? proto : null,
  };
}

const listed = (headers: Headers, name: string): string[] =>
  (headers.get(name) ?? "")
    .split(",")
    .map((one) => bare(one.trim()))
    .filter((one) => one !== "");

/** Some proxies write a port behind the address. */
function bare(hop: string): string {
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1];
  return inBrackets ?? (/^[\d.]+:\d+$/.test(hop) ? (hop.split(":")[0] ?? hop) : hop);
}

function isProxy(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** An IPv4 address in IPv6 clothes is itself; of any other IPv6 address the first four groups count. */
function network(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("%")[0]?.toLowerCase().split("::") ?? [];
  const before = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
