import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./install.mjs";

/**
 * Runs a program in the project's folder to its end, showing what it prints; gives its exit code and all
 * that it wrote. Signals are passed on to it.
 */
export function runToEnd(file, args, { capture = false } = {}) {
  const stdio = ["inherit", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"];
  const child = spawn(file, args, { cwd: root, env: coloured(capture), stdio });
  const pass = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  let output = "";
  child.stdout?.on("data", (part) => {
    output += part;
    process.stdout.write(part);
  });
  child.stderr?.on("data", (part) => {
    output += part;
    process.stderr.write(part);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once("close", (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), output });
    });
  });
}

/** Through a pipe a program sees no terminal; where we have one it may use colours all the same. */
function coloured(capture) {
  const wanted = capture && process.stderr.isTTY && !process.env.NO_COLOR;
  return wanted ? { FORCE_COLOR: "1", ...process.env } : process.env;
}
