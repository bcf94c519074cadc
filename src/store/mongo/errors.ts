import { MongoError, MongoParseError, MongoServerError, MongoServerSelectionError } from "mongodb";
import { StartError } from "../../core/start-error.ts";

/** The sentence for an error on opening the database of this address; any other error comes back as it is. */
export function openError(error: unknown, uri: string): unknown {
  if (!(error instanceof MongoError)) return error;
  return new StartError(`The MongoDB at ${withoutSecrets(uri)} ${sentenceOf(error)}`, { cause: error });
}

function sentenceOf(error: MongoError): string {
  const why = error.message.replaceAll(/\s+/g, " ");
  if (error instanceof MongoServerSelectionError)
    return `does not answer, or has no primary (${why}): check that it runs and that the address is right.`;
  if (error instanceof MongoParseError) return `has no address that can be read (${why}): correct it.`;
  const code = error instanceof MongoServerError ? Number(error.code) : 0;
  if (code === 13 || code === 18)
    return `does not let this user in (${why}): check the name, the password and the roles, readWrite is needed.`;
  return `cannot be opened (${why}): check its log.`;
}

/** The address without user and password. */
export const withoutSecrets = (uri: string): string => uri.replace(/\/\/[^@/]*@/, "//");
