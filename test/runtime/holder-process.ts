/** A process that takes the lock of the folder it is given, says how that went and holds on until it is ended. */
import { takeLock } from "../../src/runtime/lock.ts";

const [folder = ".", url] = process.argv.slice(2);
try {
  const lock = takeLock(folder);
  if (url) lock.announce(url);
  console.log("held");
  process.on("SIGTERM", () => {
    lock.release();
    process.exit(0);
  });
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(error instanceof Error ? `${error.constructor.name}: ${error.message}` : "?");
}
