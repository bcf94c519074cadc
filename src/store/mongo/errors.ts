import { MongoError, MongoServerError, MongoServerSelectionError } from "mongodb";
import { StartError } from "../../core/start-error.ts";

/** The sentence for an error on opening the database of this address; any other error comes back as it is. */
export function openError(error: unknown, uri: string): unknown {
  if (!(error instanceof MongoError)) return isOfNetwork(error) ? unanswered(error, uri) : error;
  return new StartError(`The MongoDB at ${withoutSecrets(uri)} ${sentenceOf(error)}`, { cause: error });
}

/** The sentence for what the driver says of an address that it cannot read: its errors for that are of several makes. */
export function addressError(error: unknown, uri: string): StartError {
  const why = error instanceof Error ? error.message : String(error);
  // The driver quotes the name behind this.
  const told = why.replace(/(unescaped characters).*/s, "$1");
  return new StartError(
    `The MongoDB at ${withoutSecrets(uri)} has no address that can be read (${told}): correct it; in a name or a password @ : / ? # % are written %40 %3A %2F %3F %23 %25.`,
  );
}

/** Of a mongodb+srv address the servers' names are asked for before the driver has errors of its own. */
const isOfNetwork = (error: unknown): error is Error => error instanceof Error && "syscall" in error;

const unanswered = (error: Error, uri: string): StartError =>
  new StartError(`The MongoDB at ${withoutSecrets(uri)} ${noAnswer(error)}`, { cause: error });

const noAnswer = ({ message }: Error): string =>
  `does not answer, or has no primary (${message.replaceAll(/\s+/g, " ")}): check that it runs and that the address is right.`;

function sentenceOf(error: MongoError): string {
  if (error instanceof MongoServerSelectionError) return noAnswer(error);
  const why = error.message.replaceAll(/\s+/g, " ");
  const code = error instanceof MongoServerError ? Number(error.code) : 0;
  if (code === 13 || code === 18)
    return `does not let this user in (${why}): check the name, the password and the roles, readWrite is needed.`;
  return `cannot be opened (${why}): check its log.`;
}

/**
 * The address without user, password and options, of which some are secret too. A password that somebody forgot to
 * escape may hold any sign: all before the last @ is left out.
 */
export const withoutSecrets = (uri: string): string => uri.replace(/\/\/.*@/s, "//").replace(/\?.*/s, "");
