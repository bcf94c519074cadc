import { expect, test } from "bun:test";
import fc from "fast-check";
import { csv } from "../../src/core/csv.ts";

/** A table read back as RFC 4180 has it; throws where the text is none. */
function read(text: string): string[][] {
  expect(text.startsWith("\ufeff")).toBe(true);
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text.slice(1);
  while (rest !== "") {
    const found = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (!found) throw new Error(`no CSV from here: ${rest.slice(0, 40)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] !== ",") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(found[0].length);
  }
  return rows;
}

const cells = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("a,b", 'a"b', "a\r\nb", "\n", '"', "", "-1", "plain"),
);

test("HI3 any table is read back as it was by RFC 4180, but for what guards its formulas", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cells, { minLength: 1 })), (rows) => {
      const unguarded = read(csv(rows)).map((row) =>
        row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, "")),
      );
      expect(unguarded).toEqual(
        rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, ""))),
      );
    }),
  );
});

test.each([
  "=1+1",
  "+49 30",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  '=HYPERLINK("x")',
])("HI3 %j is no formula in the file", (text) => {
  expect(read(csv([[text, "b"]]))).toEqual([[`'${text}`, "b"]]);
});

test("HI3 what is none stays as it is", () => {
  expect(csv([["Ada", "O'Hara", "a=b", "1-2"]])).toBe("\ufeffAda,O'Hara,a=b,1-2\r\n");
});
