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

/** What `bun test` wrote of each test that failed, among thousands of lines of those that did not: its file, and its words. */
export function failuresIn(output) {
  const failures = [];
  let file = "";
  let said = [];
  let last = null;
  for (const line of output.replace(STYLE, "").split("\n")) {
    // The names once more, and nothing new.
    if (/^\d+ tests? (failed|skipped|todo):$/.test(line)) break;
    if (/^\S+\.test\.ts:$/.test(line)) {
      file = line;
      said = [];
    } else if (/^\((pass|fail|skip|todo)\) /.test(line)) {
      last = line.startsWith("(fail) ") ? [file, ...said.slice(-LINES_MAX), line] : null;
      if (last) failures.push(last);
      said = [];
    } else if (last && /^ {2}\^ /.test(line)) last.push(line);
    else said.push(line);
  }
  return failures.map((lines) => lines.join("\n"));
}
