import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./install.mjs";

/** A signal repeated within this many ms is the same one: npm passes on what the terminal sent to all. */
const SAME_SIGNAL_MS = 100;
/** How long a child may take to end once nobody is left to wait for it. */
const END_MS = 10_000;

/**
 * Runs a program that does not outlive this process: signals are passed on, its exit code becomes ours, and
 * it holds the reading end of a pipe (ROLLCALL_PARENT_FD) that ends when this process does, however it ends.
 * With `restarts`, `restart()` ends it gracefully and runs it anew, and its own end is waited out.
 */
export function launch(file, args, { cwd = root, restarts = false } = {}) {
  const state = { child: null, ending: false, restarting: false };

  const run = () => {
    state.restarting = false;
    // A session of its own: Ctrl-C reaches it once, through us, and not a second time from the terminal.
    state.child = spawn(file, args, {
      cwd,
      env: { ...process.env, ROLLCALL_PARENT_FD: "3" },
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      detached: process.platform !== "win32",
    });
    state.child.once("error", (error) => exitWith(`${file} could not be run (${error.message}).`));
    state.child.once("exit", (code, signal) => ended(code, signal));
  };

  const ended = (code, signal) => {
    state.child = null;
    if (state.restarting) return run();
    if (restarts && !state.ending) return console.error("It ended. Waiting for a change…");
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  };

  const pass = (signal) => {
    state.ending = true;
    if (!state.child) process.exit(0);
    state.child.kill(signal);
  };

  passSignals(pass);
  run();
  return {
    end() {
      // npm may be gone because it was told to end, and then so were we: a second signal would cut it short.
      if (!state.ending) pass("SIGTERM");
      setTimeout(() => state.child?.kill("SIGKILL"), END_MS);
    },
    restart() {
      if (state.ending) return;
      if (!state.child) return run();
      state.restarting = true;
      state.child.kill("SIGTERM");
    },
  };
}

function passSignals(pass) {
  let last = Number.NEGATIVE_INFINITY;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - last < SAME_SIGNAL_MS) return;
      last = now;
      pass(signal === "SIGHUP" ? "SIGTERM" : signal);
    });
  }
}

function exitWith(sentence) {
  console.error(sentence);
  process.exit(1);
}
