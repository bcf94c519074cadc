import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { userIdSchema } from "../../protocol/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { CheckedToken, Tokens } from "../ports/identity.ts";
import { faultOf, refused } from "./token-faults.ts";

const ALGORITHM = "HS256";
const claimsSchema = z.object({
  userId: userIdSchema,
  role: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["teacher", "student", "admin"])),
  tokensFrom: z.number().optional(),
  iat: z.number().optional(),
  nbf: z.number().default(0),
  exp: z.number(),
});

interface Parts {
  readonly secret: string;
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

/** Tokens of our own: JWTs signed HS256, the algorithm pinned. */
export function createTokens({ secret, lifetimeMs, clock }: Parts): Tokens {
  const key = new TextEncoder().encode(secret);
  const seconds = () => Math.floor(clock.now() / 1000);
  return {
    issue: ({ id, role, tokensFrom }) =>
      new SignJWT({ userId: id, role, tokensFrom })
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + Math.ceil(lifetimeMs / 1000))
        .sign(key),
    verify: async (token) => {
      try {
        const currentDate = new Date(clock.now());
        const rules = { algorithms: [ALGORITHM], currentDate, requiredClaims: ["exp"] };
        return claimsOf((await jwtVerify(token, key, rules)).payload);
      } catch (error) {
        return faultOf(error);
      }
    },
  };
}

function claimsOf(payload: unknown): CheckedToken {
  const { data } = claimsSchema.safeParse(payload);
  if (!data) return refused("claims");
  const { userId, role, tokensFrom = null, iat, nbf, exp } = data;
  const issuedAt = iat === undefined ? null : iat * 1000;
  return { kind: "own", userId, role, tokensFrom, issuedAt, validFrom: nbf * 1000, validUntil: exp * 1000 };
}
