/** What an operator is told before and after; the store's own survey fits it. */
interface Surveyed {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly theirs: { readonly there: boolean; readonly bcrypt: boolean; readonly attendance: string | null };
  readonly oddities: readonly {
    readonly what: string;
    readonly count: number;
    readonly ids: readonly string[];
  }[];
  readonly pairs: readonly (readonly string[])[];
}

/**
 * Says what another program left in the database and what of it is odd, in counts and ids; `adopt` then makes it ready
 * to be served, unless it is null.
 */
export async function importLegacy(
  survey: () => Promise<Surveyed>,
  adopt: (() => Promise<void>) | null,
): Promise<void> {
  const found = await survey();
  for (const line of linesOf(found)) console.log(line);
  if (!adopt) {
    console.log(
      "Nothing was written. Without --dry-run the indexes are made that we read by, none of them unique.",
    );
    return;
  }
  await adopt();
  console.log(
    "The indexes are made. Start the server on it; the program that was here before can go on beside it.",
  );
}

function linesOf({ name, counts, theirs, oddities, pairs }: Surveyed): string[] {
  if (!theirs.there) return [`There is nothing of another program's in ${name}.`];
  const held = Object.entries(counts).map(([collection, count]) => `${count} in ${collection}`);
  return [
    `${name} has ${held.join(", ")}.`,
    `New passwords will be ${theirs.bcrypt ? "bcrypt, as those that are there" : "argon2id"}; the end of a session goes into ${theirs.attendance} too.`,
    ...oddities.map(({ what, count, ids }) => `ODD: ${what}: ${count} (${listed(ids, count)})`),
    ...linesOfPairs(pairs),
    oddities.length + pairs.length === 0 ? "Nothing in it is odd." : "What is odd is left as it is.",
  ];
}

const listed = (ids: readonly string[], count: number) =>
  `${ids.join(", ")}${count > ids.length ? ", …" : ""}`;

/** A line for each email that several users have. */
export const linesOfPairs = (pairs: readonly (readonly string[])[]): string[] =>
  pairs.map(
    ([first, ...others]) =>
      `ODD: one email, ${others.length + 1} users: it logs in ${first}, and not ${others.join(", ")}`,
  );
