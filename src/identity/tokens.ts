import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { userIdSchema } from "../../protocol/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Tokens } from "../ports/identity.ts";

const ALGORITHM = "HS256";
const claimsSchema = z.object({
  userId: userIdSchema,
  role: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["teacher", "student", "admin"])),
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
    issue: ({ userId, role }) =>
      new SignJWT({ userId, role })
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + Math.ceil(lifetimeMs / 1000))
        .sign(key),
    verify: async (token) => {
      try {
        const now = new Date(clock.now());
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          currentDate: now,
          requiredClaims: ["exp"],
        });
        return claimsSchema.safeParse(payload).data ?? null;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
