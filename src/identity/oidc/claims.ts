import { z } from "zod";
import { userIdSchema } from "../../../protocol/ids.ts";
import type { IssuerRules } from "../../core/issuer.ts";
import type { Role } from "../../core/people.ts";
import type { OutsideToken, Profile, RefusedToken } from "../../ports/identity.ts";
import { refused } from "../token-faults.ts";

/** The claims of a token whose signature, issuer, audience and times are right. */
export type Payload = Readonly<Record<string, unknown>>;

const ROLES: readonly Role[] = ["admin", "teacher", "student"];
const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);
const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ pattern: z.regexes.unicodeEmail }));

/** Whom the claims are of, or why nobody. */
export function outsiderOf(
  payload: Payload,
  rules: IssuerRules,
): RefusedToken | Omit<OutsideToken, "validFrom" | "validUntil"> {
  const subject = userIdSchema.safeParse(payload.sub);
  if (!subject.success) return refused("subject");
  const { data: issuedAt } = z.number().safeParse(payload.iat);
  const { data: issuer } = z.string().safeParse(payload.iss);
  if (issuedAt === undefined || issuer === undefined) return refused("claims");
  const role = roleIn(payload, rules);
  if (!role) return refused("role");
  const told = profileIn(payload, rules);
  return {
    kind: "outside",
    issuer,
    subject: subject.data,
    role,
    ...told,
    issuedAt: Math.floor(issuedAt) * 1000,
  };
}

/** OI8: name and email as the claims tell them; null what they do not tell, or tell in a way that cannot be one. */
export function profileIn(claims: Payload, rules: IssuerRules): Profile {
  const first = (names: readonly string[], schema: z.ZodType<string>) =>
    names.map((claim) => schema.safeParse(claims[claim]).data).find((value) => value !== undefined) ?? null;
  // Whoever has not shown that an address is theirs must not be found by it.
  // Some issuers write the boolean as text.
  const unproven = String(claims.email_verified).toLowerCase() === "false";
  return { name: first(rules.nameClaims, name), email: unproven ? null : first(rules.emailClaims, email) };
}

/** OI7: of several roles the highest; in any letter case. */
function roleIn(claims: Payload, { roleClaim, roleDefault }: IssuerRules): Role | null {
  const told = claims[roleClaim] ?? within(claims, roleClaim.split("."));
  if (told === undefined) return roleDefault;
  const roles = (Array.isArray(told) ? told : [told]).map((role) => String(role).toLowerCase());
  return ROLES.find((role) => roles.includes(role)) ?? null;
}

/** A claim within claims, as Keycloak has `realm_access.roles`. */
function within(claims: unknown, path: readonly string[]): unknown {
  const [key = "", ...rest] = path;
  if (typeof claims !== "object" || claims === null || !Object.hasOwn(claims, key)) return undefined;
  const inner: unknown = Object.getOwnPropertyDescriptor(claims, key)?.value;
  return rest.length === 0 ? inner : within(inner, rest);
}
