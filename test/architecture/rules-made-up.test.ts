import { expect, test } from "bun:test";
import { ruleFaults } from "./rules.ts";
import { treeOf } from "./tree.ts";

const spec = "# Marks\nText with **M9**.\n- **M1** one\n- **M2** two\n  - **M8** a part\n";

test("O32 the check finds a rule without a test", () => {
  const tests = treeOf({
    "test/a.test.ts": 'test("M1 one", () => {});\n// M2 is in a comment, and in "M2 text"',
  });
  expect(ruleFaults(spec, tests)).toEqual(['The rule M2 has no test: name one "M2 …".']);
});

test("O32 the check finds a quoted rule that is nowhere, and a rule that is there twice", () => {
  const tests = treeOf({ "test/a.test.ts": 'test("M1, M2 and ST3 all", () => {});' });
  expect(ruleFaults(`${spec}- **M1** again`, tests)).toEqual([
    "docs/SPEC.md has the rule M1 twice.",
    "test/a.test.ts quotes ST3, which docs/SPEC.md does not have.",
  ]);
});

test("O32 names are found in every form that they have here", () => {
  const forms = [
    'test("M1 one", () => {});',
    "it('M1: one', () => {});",
    "test.each(cases)(`M1 %s`, () => {});",
    'test.skipIf(isWindows)("M1 one", () => {});',
    'describeStore("M1 one", () => {});',
    'check("M1", "one", async () => {});',
    'const checks = [{ rule: "M1", name: "one" }];',
    'test(\n  "M1 one",\n  () => {},\n);',
  ];
  for (const form of forms) {
    const faults = ruleFaults("- **M1** one", treeOf({ "test/a.test.ts": form }));
    expect({ form, faults }).toEqual({ form, faults: [] });
  }
});

test("O32 what only looks like a rule's id is none", () => {
  const tests = treeOf({
    "test/a.test.ts": 'test("UTF8 text", f);\ntest("H264x is refused", f);\ntest("a M1", f);',
  });
  expect(ruleFaults("", tests)).toEqual([]);
});
