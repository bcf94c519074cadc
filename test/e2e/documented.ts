import { checkerOf, operationsOf, served, undocumented } from "../docs/openapi-document.ts";
import type { Answer } from "./http.ts";

async function read() {
  const document = await served();
  const operations = operationsOf(document).map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, "[^/]+")}(?:\\?|$)`),
  }));
  return { check: checkerOf(document), operations };
}

let reading: ReturnType<typeof read> | undefined;

/** X5: whatever a test is answered stands in the OpenAPI document. Throws where it does not; other paths may answer as they like. */
export async function requireDocumented(method: string, path: string, answer: Answer): Promise<void> {
  reading ??= read();
  const { check, operations } = await reading;
  const found = operations.find(
    ({ operation, pattern }) => operation.method === method && pattern.test(path),
  );
  const fault = found ? undocumented(check, found.operation, answer) : null;
  if (fault !== null) throw new Error(fault);
}
