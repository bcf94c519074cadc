import type { Tree } from "./tree.ts";

const ID = "[A-Z]{1,2}\\d+";
/** `- **M3** …` at the beginning of a line. */
const RULE = new RegExp(`^- \\*\\*(${ID})\\*\\*`, "gm");
/** The first argument of a call, or a `rule:` in a table of checks: a string that begins with ids. */
const NAME = new RegExp(
  `(?:[\\w)\\]>]\\(|\\brule:)\\s*["'\`]((?:${ID}[,:]? (?:and )?)*${ID})(?=[ ,:"'\`])`,
  "g",
);

/** Where the rules of SPEC and the names of the tests disagree, a sentence each. */
export function ruleFaults(spec: string, tests: Tree): string[] {
  const rules = [...spec.matchAll(RULE)].map(([, id = ""]) => id);
  const quoted = [...tests].flatMap(([path, source]) => idsIn(source).map((id) => ({ id, path })));
  const tested = new Set(quoted.map(({ id }) => id));
  const twice = rules.filter((id, index) => rules.indexOf(id) !== index);
  const unknown = quoted
    .filter(({ id }) => !rules.includes(id))
    .map(({ id, path }) => `${path} quotes ${id}`);
  return [
    ...[...new Set(twice)].map((id) => `docs/SPEC.md has the rule ${id} twice.`),
    ...rules.filter((id) => !tested.has(id)).map((id) => `The rule ${id} has no test: name one "${id} …".`),
    ...[...new Set(unknown)].map((says) => `${says}, which docs/SPEC.md does not have.`),
  ];
}

function idsIn(source: string): string[] {
  return [...source.matchAll(NAME)].flatMap(([, ids = ""]) => ids.match(new RegExp(ID, "g")) ?? []);
}
