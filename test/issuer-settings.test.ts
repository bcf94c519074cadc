import { expect, test } from "bun:test";
import { accountsOf, issuerOf } from "../src/config/issuer.ts";
import { readConfig } from "../src/config.ts";
import { isSafeUrl } from "../src/core/issuer.ts";

const AUTH0 = {
  AUTH0_DOMAIN: "school.eu.auth0.com",
  AUTH0_AUDIENCE: "https://school.test/api",
  AUTH0_NAMESPACE: "https://school.test",
};
const OIDC = {
  OIDC_ISSUER: "https://id.school.test/realms/a",
  OIDC_AUDIENCE: "rollcall",
  OIDC_ROLE_CLAIM: "role",
};

test("OI12 Auth0's three settings name its issuer with a slash at the end, its keys and its claims", () => {
  const issuer = "https://school.eu.auth0.com/";
  for (const AUTH0_NAMESPACE of [AUTH0.AUTH0_NAMESPACE, `${AUTH0.AUTH0_NAMESPACE}/`]) {
    expect(issuerOf(readConfig({ ...AUTH0, AUTH0_NAMESPACE }))).toMatchObject({
      endpoints: { issuer, keysUrl: `${issuer}.well-known/jwks.json`, userInfoUrl: `${issuer}userinfo` },
      audience: AUTH0.AUTH0_AUDIENCE,
      roleClaim: "https://school.test/role",
    });
  }
});

test("OI12 without settings there is no issuer, and local accounts are on", () => {
  const config = readConfig({});
  expect([issuerOf(config), accountsOf(config)]).toEqual([null, "local"]);
  expect(accountsOf(readConfig({ ...AUTH0, LOCAL_ACCOUNTS: "off" }))).toBe("auth0");
  expect(accountsOf(readConfig({ ...OIDC, LOCAL_ACCOUNTS: "off" }))).toBe("elsewhere");
});

const bad: [Record<string, string>, string][] = [
  [{ ...AUTH0, AUTH0_AUDIENCE: "" }, "AUTH0_AUDIENCE"],
  [{ ...AUTH0, AUTH0_NAMESPACE: "" }, "AUTH0_NAMESPACE"],
  [{ ...AUTH0, AUTH0_DOMAIN: "https://school.eu.auth0.com" }, "AUTH0_DOMAIN"],
  [{ ...AUTH0, AUTH0_DOMAIN: "school.eu.auth0.com/a" }, "AUTH0_DOMAIN"],
  [{ ...AUTH0, ...OIDC }, "OIDC_ISSUER"],
  [{ ...OIDC, OIDC_AUDIENCE: "" }, "OIDC_AUDIENCE"],
  [{ ...OIDC, OIDC_ROLE_CLAIM: "" }, "OIDC_ROLE_CLAIM"],
  [{ ...OIDC, OIDC_ISSUER: "http://id.school.test" }, "OIDC_ISSUER"],
  [{ ...OIDC, OIDC_ISSUER: "id.school.test" }, "OIDC_ISSUER"],
  [{ OIDC_AUDIENCE: "rollcall" }, "OIDC_AUDIENCE"],
  [{ AUTH0_NAMESPACE: "https://school.test" }, "AUTH0_NAMESPACE"],
  [{ OIDC_CLIENT_ID: "rollcall" }, "OIDC_CLIENT_ID"],
  [{ LOCAL_ACCOUNTS: "off" }, "LOCAL_ACCOUNTS"],
  [{ ...OIDC, OIDC_ROLE_DEFAULT: "admin" }, "OIDC_ROLE_DEFAULT"],
];

test.each(bad)("OI12 settings of an issuer that cannot be are refused in one sentence: %o", (env, name) => {
  expect(() => readConfig(env)).toThrow(
    new RegExp(`^Bad setting ${name} .*: correct it in the environment or in .env.$`),
  );
});

test("OI12 an issuer is spoken to by https, or by http on this machine alone", () => {
  const safe = ["https://a.test", "http://localhost:1", "http://127.0.0.1:8080/x", "http://[::1]:1/"];
  expect(safe.filter((url) => !isSafeUrl(url))).toEqual([]);
  const unsafe = [
    "http://a.test",
    "http://localhost.a.test",
    "http://127.0.0.1.a.test",
    "ftp://localhost",
    "file:///etc/passwd",
    "https://me:pw@a.test",
    "",
    "x",
  ];
  expect(unsafe.filter(isSafeUrl)).toEqual([]);
});
