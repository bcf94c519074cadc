import type { Status } from "../../client/index.ts";
import { calledOf } from "../parts/person.ts";

/** Somebody on the roll, ready to be shown and looked for. */
export interface Pupil {
  readonly id: string;
  readonly name: string;
  /** What the search looks in. */
  readonly sought: string;
}

/** Which of them are shown. */
export type Filter = "all" | "unmarked" | Status;
export const FILTERS: readonly Filter[] = ["all", "unmarked", "present", "absent"];

interface Person {
  readonly _id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** Everyone on the roll, by name; `people` are those whose names are known. */
export function pupilsOf(roll: Iterable<string>, people: readonly Person[], language: string): Pupil[] {
  const known = new Map(people.map((person) => [person._id, person]));
  const pupils = [...roll].map((id) => {
    const person = known.get(id);
    const name = person ? calledOf(person) : "…";
    return { id, name, sought: folded(`${name} ${person?.email ?? ""}`) };
  });
  const { compare } = new Intl.Collator(language, { sensitivity: "base", numeric: true });
  return pupils.sort((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}

/** Those who have the text in their name or email and pass the filter, or are in `lingering`. */
export function shownOf(
  pupils: readonly Pupil[],
  text: string,
  filter: Filter,
  statusOf: (id: string) => Status | null,
  lingering: ReadonlySet<string>,
): Pupil[] {
  const sought = folded(text);
  const passes = ({ id }: Pupil) =>
    filter === "all" || lingering.has(id) || (statusOf(id) ?? "unmarked") === filter;
  return pupils.filter((pupil) => pupil.sought.includes(sought) && passes(pupil));
}

/** Letters that no decomposition takes apart, as people type them in a hurry. */
const PLAIN: Readonly<Record<string, string>> = { ı: "i", ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe" };

/** Without letter case and accents. */
const folded = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[ıłøđßæœ]/g, (letter) => PLAIN[letter] ?? letter);
