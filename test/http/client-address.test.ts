import { expect, test } from "bun:test";
import { StartError } from "../../src/core/start-error.ts";
import { originOf, proxiesOf } from "../../src/http/client-address.ts";

const trusted = proxiesOf("10.0.0.0/8, ::1, fd00::/8");
const address = (peer: string, forwarded?: string) =>
  originOf(peer, new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }), trusted)
    .address;

test("TH5 without a trusted proxy the socket's own address counts, whatever a header says", () => {
  const headers = new Headers({ "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" });
  expect(originOf("192.0.2.1", headers, null)).toEqual({ address: "192.0.2.1", scheme: null });
  expect(originOf("192.0.2.1", headers, trusted)).toEqual({ address: "192.0.2.1", scheme: null });
});

test.each([
  ["the one hop of a proxy", "203.0.113.9", "203.0.113.9"],
  [
    "the last hop that is no proxy of ours; what a client wrote before it counts for nothing",
    "1.1.1.1, 203.0.113.9, 10.0.0.7",
    "203.0.113.9",
  ],
  ["the first where all are proxies", "10.0.0.8, 10.0.0.7", "10.0.0.8"],
  ["the proxy where nothing is said", "", "10.1.2.3"],
  ["the proxy where something else is said", "unknown", "10.1.2.3"],
  ["without a port", "203.0.113.9:4711", "203.0.113.9"],
  ["a network of IPv6", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"],
])("TH5 behind a proxy it is %s", (_, forwarded, expected) => {
  expect(address("10.1.2.3", forwarded)).toBe(expected);
  expect(address("::ffff:10.1.2.3", forwarded)).toBe(expected);
});

test("TH5 an IPv6 address counts as its network, and an IPv4 one in its clothes as itself", () => {
  expect(address("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(address("2001:DB8:0:0:ffff::")).toBe("2001:db8:0:0::/64");
  expect(address("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(address("::ffff:192.0.2.1")).toBe("192.0.2.1");
});

test("TH5 a trusted proxy says whether it is https", () => {
  const scheme = (peer: string) =>
    originOf(peer, new Headers({ "x-forwarded-proto": "HTTPS" }), trusted).scheme;
  expect([scheme("::1"), scheme("192.0.2.1")]).toEqual(["https", null]);
});

test.each(["proxy", "10.0.0.0/33", "10.0.0.1,", "::1/129", "10.0.0"])(
  "TH5 TRUST_PROXY=%s is refused",
  (list) => {
    expect(() => proxiesOf(list)).toThrow(StartError);
  },
);
