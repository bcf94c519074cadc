import type { Passwords } from "../ports/identity.ts";
import { isCommon } from "./common-passwords.ts";
import { Turns } from "./turns.ts";

/** argon2id as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane (27 ms on a 2-core machine). */
const ARGON2ID = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const CURRENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

/** All hashes wait in one line. */
const ALL = "";

interface Bounds {
  /** Hashes computed at the same time, off the main thread. */
  readonly atOnce: number;
  /** Those that may wait; a further one is turned away. */
  readonly waiting: number;
}

/**
 * What another program that shares the users can verify: "made": bcrypt is all it knows, so that new ones are bcrypt
 * too; "kept": those that are bcrypt stay so.
 */
export type SharedBcrypt = "none" | "kept" | "made";

/** As nearly every program sets it; 50 ms on a 2-core machine. */
const BCRYPT = { algorithm: "bcrypt", cost: 10 } as const;

/** Passwords by Bun's argon2id; bcrypt and older argon2 hashes are verified too. */
export function createPasswords(bounds: Bounds, bcrypt: SharedBcrypt = "none"): Passwords {
  const turns = new Turns(bounds);
  const kind = bcrypt === "made" ? BCRYPT : ARGON2ID;
  const nobody = bcrypt === "made" ? bcryptOfNobody() : hashOfNobody();
  return {
    hash: (password) => turns.take(ALL, () => Bun.password.hash(password, kind)),
    verify: async (password, hash) => {
      if (password === "") return false;
      const right = await turns.take(ALL, () => verifies(password, hash ?? nobody));
      if (right === null) return "busy";
      return right && hash !== null;
    },
    isOutdated: (hash) => !CURRENT.test(hash) && (bcrypt === "none" || !isBcrypt(hash)),
    isCommon,
  };
}

const isBcrypt = (hash: string): boolean => /^\$2[abxy]?\$/.test(hash);

/** The same by bcrypt: salt and sum in its own letters. */
function bcryptOfNobody(): string {
  const letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const random = crypto.getRandomValues(new Uint8Array(BCRYPT_LETTERS));
  return `$2b$${BCRYPT.cost}$${[...random].map((byte) => letters[byte % letters.length]).join("")}`;
}

const BCRYPT_LETTERS = 53;

/** A hash that no password has, of the same cost as any: computing one at every start would cost 27 ms. */
function hashOfNobody(): string {
  const random = (bytes: number) =>
    crypto.getRandomValues(Buffer.alloc(bytes)).toString("base64").replaceAll("=", "");
  return `$argon2id$v=19$m=${ARGON2ID.memoryCost},t=${ARGON2ID.timeCost},p=1$${random(32)}$${random(32)}`;
}

/** False too where the stored hash is of no known kind: nobody can log in by it. */
async function verifies(password: string, hash: string): Promise<boolean> {
  try {
    return await Bun.password.verify(password, hash);
  } catch {
    return false;
  }
}
