/** What the launcher runs in its test: says its pid, counts signals, and ends as a server does. */
import { watchParent } from "../../src/runtime/parent.ts";

let signals = 0;
const end = (why: string) => {
  signals += 1;
  console.log(why);
  if (signals > 1) process.exit(9);
  setTimeout(() => process.exit(4), 300);
};
process.on("SIGTERM", () => end("SIGTERM"));
process.on("SIGINT", () => end("SIGINT"));
watchParent(() => end("parent gone"));
setInterval(() => {}, 1000);
console.log(`pid ${process.pid}`);
