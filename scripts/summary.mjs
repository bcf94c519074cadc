/** Colour and style, as terminals are told of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins one.
const STYLE = /\x1b\[[0-9;]*m/g;

/**
 * What `bun test` wrote at its end, as figures. Errors between tests count as failed, and so does a run that
 * ended badly or executed nothing without naming a failure.
 */
export function readSummary(output, code) {
  const lines = output.replace(STYLE, "").split("\n");
  const figure = (word) => {
    const line = lines.findLast((text) => new RegExp(`^\\s*\\d+ ${word}s?$`).test(text));
    return line ? Number.parseInt(line, 10) : 0;
  };
  const passed = figure("pass");
  const failed = figure("fail") + figure("error");
  const bad = code !== 0 || passed === 0;
  return { passed, failed: bad ? Math.max(failed, 1) : failed };
}

/** Of what one failure has to say, the last lines. */
const LINES_MAX = 60;

/** What `bun test` wrote of each test that failed, in thousands of lines of those that did not. */
export function failuresIn(output) {
  const failures = [];
  let said = [];
  for (const line of output.replace(STYLE, "").split("\n")) {
    if (/^\S+\.test\.ts:$/.test(line)) {
      said = [line];
      continue;
    }
    said.push(line);
    if (!/^\((pass|fail|skip|todo)\) /.test(line)) continue;
    if (line.startsWith("(fail) ")) failures.push(said.slice(-LINES_MAX).join("\n"));
    said = [];
  }
  return failures;
}
