import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Words = { readonly [key: string]: string | Words };

const folder = join(import.meta.dir, "..", "..", "web", "words");
const read = (code: string): Words => JSON.parse(readFileSync(join(folder, `${code}.json`), "utf8"));
const codes = readdirSync(folder).map((file) => file.replace(".json", ""));

/** `a.b` and the names in its text, for each; plural forms, which differ by language, under one key. */
function keysOf(words: Words, before = ""): string[] {
  const found = Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string"
      ? `${before}${key.replace(/_(zero|one|two|few|many|other)$/, "")} ${namesIn(value)}`
      : keysOf(value, `${before}${key}.`),
  );
  return [...new Set(found)].toSorted();
}

const namesIn = (text: string): string => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).toSorted().join();

test("WB4 every language has the same words, with the same names in them", () => {
  expect(codes).toContain("en");
  expect(codes).toContain("hi");
  for (const code of codes)
    expect({ code, keys: keysOf(read(code)) }).toEqual({ code, keys: keysOf(read("en")) });
});

test("WB4 every language has each plural form that it needs", () => {
  for (const code of codes) {
    const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    const plural = keysIn(read(code)).filter((key) => key.endsWith("_other"));
    expect(plural.length).toBeGreaterThan(0);
    const all = new Set(keysIn(read(code)));
    for (const key of plural)
      for (const form of needed) expect(all).toContain(key.replace(/_other$/, `_${form}`));
  }
});

const keysIn = (words: Words, before = ""): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? `${before}${key}` : keysIn(value, `${before}${key}.`),
  );
