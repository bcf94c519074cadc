/** A request that two servers in a row might read differently, or that is none. */
export interface Smuggling {
  readonly what: string;
  /** Where RFC 9112 says what to do with it (with 9110: the section of that one). */
  readonly section: string;
  readonly sends: string;
  /** What the standard asks for: the statuses, and whether the connection may be used on. */
  readonly asks: string;
  /** What comes where Bun itself answers otherwise. */
  readonly bunDiffers?: string;
}

/** Answered with 204, which nothing else here is. */
const HIDDEN = "OPTIONS /health HTTP/1.1\r\nHost: rollcall.test\r\n\r\n";
const REFUSED = "400 closed";
/** The request is taken whole, and nothing of it for another. */
const TAKEN = "201 open";

/** A POST of a ticket by the holder of `token`: it reads its body and answers 201. */
const post = (token: string, headers: readonly string[], body: string, version = "HTTP/1.1"): string =>
  [
    `POST /auth/ticket ${version}`,
    "Host: rollcall.test",
    `Authorization: ${token}`,
    ...headers,
    "",
    body,
  ].join("\r\n");

/** Every row, for the holder of this token. */
export function smugglings(token: string): Smuggling[] {
  const make = (what: string, section: string, headers: readonly string[], body: string, asks = REFUSED) => ({
    what,
    section,
    sends: post(token, headers, body),
    asks,
  });
  return [
    ...pairs(token, make),
    ...lengths(make),
    ...codings(make),
    ...chunks(make),
    ...lines(token, make),
    ...hosts(token),
    ...bodies(token, make),
    ...requestLines(),
  ];
}

type Make = (
  what: string,
  section: string,
  headers: readonly string[],
  body: string,
  asks?: string,
) => Smuggling;

const length = (bytes: number | string) => `Content-Length: ${bytes}`;
const coding = (value: string) => `Transfer-Encoding: ${value}`;
const NO_CHUNKS = "0\r\n\r\n";

function pairs(token: string, make: Make): Smuggling[] {
  const behind = NO_CHUNKS + HIDDEN;
  const inChunk = `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n${NO_CHUNKS}`;
  return [
    make(
      "CL.TE: the length hides a request behind the chunks",
      "6.3",
      [length(behind.length), coding("chunked")],
      behind,
    ),
    make("CL.TE in the other order", "6.3", [coding("chunked"), length(behind.length)], behind),
    make(
      "TE.CL: the chunk hides a request behind the length",
      "6.3",
      [coding("chunked"), length(4)],
      inChunk,
    ),
    make("two lengths that differ", "6.3", [length(2), length(2 + HIDDEN.length)], `{}${HIDDEN}`),
    make("two lengths in the other order", "6.3", [length(2 + HIDDEN.length), length(2)], `{}${HIDDEN}`),
    make("the same length twice", "6.3", [length(2), length(2)], "{}", TAKEN),
    make("two codings", "6.1", [coding("chunked"), coding("identity")], behind),
    {
      what: "chunks in HTTP/1.0",
      section: "6.1",
      sends: post(token, [coding("chunked")], behind, "HTTP/1.0"),
      asks: REFUSED,
    },
  ];
}

function lengths(make: Make): Smuggling[] {
  const bad = [
    "+2",
    "-1",
    "0x2",
    "2 2",
    "",
    "2e0",
    "2;a",
    "2, 2",
    "2, 39",
    "99999999999999999999",
    "\xd9\xa2",
  ];
  return [
    ...bad.map((value) => make(`the length ${JSON.stringify(value)}`, "6.3", [length(value)], `{}${HIDDEN}`)),
    make("a length with a leading zero", "9110 8.6", [length("02")], "{}", TAKEN),
  ];
}

/** 6.1: a coding that is not known is 501, and chunked comes last and once. */
function codings(make: Make): Smuggling[] {
  const unknown = ["xchunked", "identity", "gzip, chunked", "identity, chunked", "chunked;q=1", '"chunked"'];
  const faulty = ["chunked, identity", "chunked, chunked", "chunked\x0b", "\x00chunked", ""];
  const row = (value: string) => `the coding ${JSON.stringify(value)}`;
  return [
    ...unknown.map((value) => ({
      ...make(row(value), "6.1", [coding(value)], NO_CHUNKS + HIDDEN, "501 closed"),
      bunDiffers: REFUSED,
    })),
    ...faulty.map((value) => make(row(value), "6.1", [coding(value)], NO_CHUNKS + HIDDEN)),
    ...["CHUNKED", "\tchunked", " chunked "].map((value) =>
      make(row(value), "6.1", [coding(value)], `2\r\n{}\r\n${NO_CHUNKS}`, TAKEN),
    ),
    make(
      "a coding with a space before its colon",
      "5.1",
      ["Transfer-Encoding : chunked", length(5)],
      behindChunks(),
    ),
    make("a coding on a second line", "5.2", ["Transfer-Encoding:\r\n chunked", length(5)], behindChunks()),
  ];
}

const behindChunks = () => NO_CHUNKS + HIDDEN;

function chunks(make: Make): Smuggling[] {
  const chunked = (what: string, body: string, asks?: string) =>
    make(what, "7.1", [coding("chunked")], body, asks);
  const bad: [string, string][] = [
    ["a chunk's size of g", "g\r\n{}\r\n"],
    ["a chunk's size of 0x2", "0x2\r\n{}\r\n"],
    ["a chunk's size of -2", "-2\r\n{}\r\n"],
    ["a chunk's size of +2", "+2\r\n{}\r\n"],
    ["a chunk's size with a space behind it", "2 \r\n{}\r\n"],
    ["a chunk's size beyond 64 bits", "10000000000000002\r\n{}\r\n"],
    ["a chunk without a size", "\r\n{}\r\n"],
    ["a chunk shorter than its size", "5\r\n{}\r\n"],
    ["a chunk without its end of line", "2\r\n{}"],
    ["a chunk with something else at its end", "2\r\n{}XX"],
    ["chunks with bare LFs", "2\n{}\n"],
    ["a bare LF in a chunk's extension", "2;a\n{}\r\n"],
    ["a NUL in a chunk's extension", "2;a\0\r\n{}\r\n"],
  ];
  const trailers = `2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n`;
  return [
    ...bad.map(([what, chunk]) => chunked(what, chunk + NO_CHUNKS)),
    chunked("chunks with extensions", "2;a=b;c\r\n{}\r\n0;x\r\n\r\n", TAKEN),
    chunked("a chunk's size with leading zeros", `00000000000000002\r\n{}\r\n${NO_CHUNKS}`, TAKEN),
    {
      ...chunked("an extension of 20,000 bytes", `2;${"a".repeat(20_000)}\r\n{}\r\n${NO_CHUNKS}`),
      bunDiffers: "413 closed",
    },
    // The trailer is no request, and what came before it has been answered by then.
    { ...chunked("trailers", trailers, TAKEN), bunDiffers: "201 400 closed" },
  ];
}

function lines(token: string, make: Make): Smuggling[] {
  const whole = (what: string, section: string, header: string) =>
    make(what, section, [header, length(2)], "{}");
  return [
    whole("a header on two lines", "5.2", "X-Note: a\r\n b"),
    whole("a space before a colon", "5.1", "X-Note : a"),
    whole("a header without a name", "5.1", ": a"),
    whole("a header without a colon", "5", "nonsense"),
    whole("a header that begins with a space", "2.2", " X-Note: a"),
    whole("a bare LF in a header", "2.2", "X-Note: a\nContent-Length: 0"),
    whole("a bare CR in a header", "2.2", "X-Note: a\rb"),
    whole("a NUL in a header's value", "9110 5.5", "X-Note: a\0b"),
    whole("a NUL in a header's name", "5.1", "X-\0Note: a"),
    {
      what: "bare LFs throughout",
      section: "2.2",
      sends: post(token, [length(2)], "{}").replaceAll("\r\n", "\n"),
      asks: REFUSED,
      bunDiffers: "505 closed",
    },
    {
      what: "an end of headers of bare LFs",
      section: "2.2",
      sends: `GET /health HTTP/1.1\r\nHost: rollcall.test\n\n${HIDDEN}`,
      asks: REFUSED,
    },
  ];
}

/** 3.2: exactly one Host, that is one. */
function hosts(token: string): Smuggling[] {
  const get = (host: string) => `GET /me HTTP/1.1\r\n${host}Authorization: ${token}\r\n\r\n`;
  return [
    { what: "no Host", section: "3.2", sends: get(""), asks: REFUSED },
    {
      what: "two Hosts",
      section: "3.2",
      sends: get("Host: a\r\nHost: b\r\n"),
      asks: REFUSED,
      bunDiffers: "200 open",
    },
    { what: "a Host that is none", section: "3.2", sends: get("Host: a b/@\r\n"), asks: "400 open" },
    { what: "a Host with a path", section: "3.2", sends: get("Host: a/../b\r\n"), asks: "400 open" },
    {
      what: "HTTP/1.0 without a Host",
      section: "3.2",
      sends: "GET /health HTTP/1.0\r\n\r\n",
      asks: "400 closed",
    },
  ];
}

/** 9.3: a body that nobody reads is not taken for the next request. */
function bodies(token: string, make: Make): Smuggling[] {
  const hiding = `${length(HIDDEN.length)}\r\n\r\n${HIDDEN}`;
  const request = (line: string, authorization = "") =>
    `${line} HTTP/1.1\r\nHost: rollcall.test\r\n${authorization}${hiding}`;
  const withToken = `Authorization: ${token}\r\n`;
  return [
    { what: "a GET with a body", section: "9.3", sends: request("GET /me", withToken), asks: "200 open" },
    { what: "a body for no route", section: "9.3", sends: request("POST /nowhere"), asks: "404 open" },
    { what: "a body from nobody", section: "9.3", sends: request("POST /class"), asks: "401 open" },
    {
      what: "a body from the wrong role",
      section: "9.3",
      sends: request("POST /class", withToken),
      asks: "403 open",
    },
    make(
      "a body that is promised with Expect",
      "9110 10.1.1",
      ["Expect: 100-continue", length(2)],
      "{}",
      "100 201 open",
    ),
    {
      what: "a second request before the first is answered",
      section: "9.3.2",
      sends: request("GET /me", withToken) + HIDDEN,
      asks: "200 204 open",
    },
  ];
}

function requestLines(): Smuggling[] {
  const h2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
  const rows: [what: string, section: string, sends: string, asks: string, bunDiffers?: string][] = [
    ["HTTP/2.0", "2.3", line("GET /health HTTP/2.0"), "505 closed"],
    ["the greeting of HTTP/2", "2.3", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 closed", REFUSED],
    ["HTTP/1.2", "2.3", line("GET /health HTTP/1.2"), "200 open", "505 closed"],
    ["http/1.1 in small letters", "2.3", line("GET /health http/1.1"), REFUSED, "505 closed"],
    ["no version", "2.3", "GET /health\r\n\r\n", REFUSED, "505 closed"],
    ["a NUL in the path", "3.2", line("GET /he\0alth HTTP/1.1"), REFUSED, "505 closed"],
    ["an empty line before", "2.2", `\r\n${line("GET /nowhere HTTP/1.1")}`, "404 open", REFUSED],
    ["a method that nobody knows", "9110 9.1", line("BREW /health HTTP/1.1"), "501 open", "closed"],
    ["OPTIONS of everything", "3.2.4", line("OPTIONS * HTTP/1.1"), "204 open", REFUSED],
    ["an address with a host", "3.2.2", line("GET http://rollcall.test/nowhere HTTP/1.1"), "404 open"],
    ["an upgrade to h2c", "9110 7.8", line("GET /nowhere HTTP/1.1").replace(/\r\n$/, h2c), "404 open"],
    ["a TLS greeting", "3", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", REFUSED],
  ];
  return rows.map(([what, section, sends, asks, bunDiffers]) => ({
    what,
    section,
    sends,
    asks,
    ...(bunDiffers !== undefined && { bunDiffers }),
  }));
}

const line = (first: string): string => `${first}\r\nHost: rollcall.test\r\n\r\n`;
