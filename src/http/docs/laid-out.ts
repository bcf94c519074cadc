const LINE_MAX = 88;

/** A value as JSON to read: on one line where it fits, else in lines that are filled. */
export function laidOut(value: unknown, indent = ""): string {
  const short = onOneLine(value);
  if (indent.length + short.length <= LINE_MAX || typeof value !== "object" || value === null) return short;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => laidOut(item, deeper))
    : Object.entries(value).map(([key, inner]) => `"${key}": ${laidOut(inner, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${filled(parts, deeper)}\n${indent}${close}`;
}

/** The parts with commas between them: as many on a line as fit, those of several lines by themselves. */
function filled(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const text = index < parts.length - 1 ? `${part},` : part;
    const last = lines.at(-1);
    const joined = `${last} ${text}`;
    const fits = last !== undefined && !joined.includes("\n") && joined.length <= LINE_MAX;
    if (fits) lines[lines.length - 1] = joined;
    else lines.push(indent + text);
  }
  return lines.join("\n");
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `"${key}": ${onOneLine(inner)}`);
  return `{ ${fields.join(", ")} }`;
}
