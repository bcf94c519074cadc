import { expect, test } from "bun:test";
import { issuerOf } from "../../src/config/issuer.ts";
import type { IssuerRules } from "../../src/core/issuer.ts";
import { outsiderOf, profileIn } from "../../src/identity/oidc/claims.ts";

function rulesOf(settings: object): IssuerRules {
  const rules = issuerOf({
    OIDC_ISSUER: "https://issuer.test",
    OIDC_AUDIENCE: "api",
    OIDC_ROLE_CLAIM: "role",
    LOCAL_ACCOUNTS: "on",
    ...settings,
  });
  if (!rules) throw new Error("no issuer");
  return rules;
}

const claims = { iss: "https://issuer.test", sub: "auth0|1", iat: 100 };
const roleOf = (told: object, settings: object = {}) => {
  const found = outsiderOf({ ...claims, ...told }, rulesOf(settings));
  return found.kind === "outside" ? found.role : found.reason;
};

test("OI7 a role is read in any letter case, and of several the highest counts", () => {
  expect([roleOf({ role: "TEACHER" }), roleOf({ role: "student" }), roleOf({ role: "Admin" })]).toEqual([
    "teacher",
    "student",
    "admin",
  ]);
  expect(roleOf({ role: ["offline_access", "student", "Teacher"] })).toBe("teacher");
});

test("OI7 a role may stand under a name with dots and slashes, or within other claims", () => {
  const path = { OIDC_ROLE_CLAIM: "realm_access.roles" };
  expect(roleOf({ realm_access: { roles: ["uma", "student"] } }, path)).toBe("student");
  expect(roleOf({ "realm_access.roles": "teacher", realm_access: { roles: ["student"] } }, path)).toBe(
    "teacher",
  );
  const url = { OIDC_ROLE_CLAIM: "https://school.test/role" };
  expect(roleOf({ "https://school.test/role": "student" }, url)).toBe("student");
});

test("OI7 without a role a token is refused, unless there is a default; an unknown role is always refused", () => {
  expect([roleOf({}), roleOf({}, { OIDC_ROLE_DEFAULT: "student" })]).toEqual(["role", "student"]);
  for (const role of ["root", "", [], null, 7, {}, ["owner"]]) {
    expect(roleOf({ role }, { OIDC_ROLE_DEFAULT: "student" })).toBe("role");
  }
});

test("OI7 names of Object.prototype are no role", () => {
  for (const name of ["constructor", "__proto__", "toString.name", "constructor.name"]) {
    expect(roleOf({}, { OIDC_ROLE_CLAIM: name })).toBe("role");
  }
});

test("OI4 a subject has 1 to 128 printable characters", () => {
  const subjectOf = (sub: unknown) => outsiderOf({ ...claims, sub, role: "student" }, rulesOf({}));
  for (const sub of ["a", "auth0|64a", "é".repeat(128), "a b/c?d"])
    expect(subjectOf(sub)).toMatchObject({ subject: sub });
  for (const sub of ["", "a".repeat(129), "a\nb", "a\u0000", 7, null, undefined, ["a"]]) {
    expect(subjectOf(sub)).toEqual({ kind: "refused", reason: "subject" });
  }
});

test("OI8 name and email are trimmed, the email lower-cased; what can be neither is null", () => {
  const rules = rulesOf({});
  expect(profileIn({ name: " Mia ", email: " Mia@School.TEST " }, rules)).toEqual({
    name: "Mia",
    email: "mia@school.test",
  });
  const nobody = { name: null, email: null };
  expect(profileIn({}, rules)).toEqual(nobody);
  expect(profileIn({ name: "a\u0007b", email: "mia" }, rules)).toEqual(nobody);
  expect(profileIn({ name: "x".repeat(201), email: `${"x".repeat(250)}@a.test` }, rules)).toEqual(nobody);
  expect(profileIn({ name: ["Mia"], email: { $ne: "" } }, rules)).toEqual(nobody);
});

test("OI8 an email that its owner has not shown to be theirs is none", () => {
  const told = { name: "Mia", email: "head@school.test" };
  for (const email_verified of [false, "false", "False"])
    expect(profileIn({ ...told, email_verified }, rulesOf({}))).toEqual({ name: "Mia", email: null });
  expect(profileIn({ ...told, email_verified: true }, rulesOf({}))).toEqual(told);
});

test("OI8 with Auth0 the namespace goes before the standard claims", () => {
  const rules = issuerOf({
    AUTH0_DOMAIN: "school.eu.auth0.com",
    AUTH0_AUDIENCE: "api",
    AUTH0_NAMESPACE: "https://school.test/",
    LOCAL_ACCOUNTS: "on",
  });
  if (!rules) throw new Error("no issuer");
  const told = { "https://school.test/name": "Mia", "https://school.test/email": "mia@school.test" };
  expect(profileIn({ ...told, name: "m.klein", email: "other@school.test" }, rules)).toEqual({
    name: "Mia",
    email: "mia@school.test",
  });
  expect(profileIn({ name: "m.klein" }, rules)).toEqual({ name: "m.klein", email: null });
  const found = outsiderOf({ ...claims, "https://school.test/role": "Teacher" }, rules);
  expect(found).toMatchObject({ kind: "outside", role: "teacher" });
});
