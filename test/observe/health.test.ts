import { expect, test } from "bun:test";
import { HealthCheck } from "../../src/observe/health.ts";

function watched() {
  const clock = { at: 10_000, now: () => clock.at };
  const state = { broken: false, probes: 0 };
  const probe = async () => {
    state.probes++;
    if (state.broken) throw new Error("disk I/O error");
  };
  return { clock, state, health: new HealthCheck({ probe }, clock) };
}

test("O40 health asks the database to commit, at most once a second", async () => {
  const { clock, state, health } = watched();
  expect(await health.ask()).toEqual({ status: "ok", database: "ok" });
  state.broken = true;
  clock.at += 999;
  expect(await health.ask()).toMatchObject({ status: "ok" });
  clock.at += 1;
  expect(await health.ask()).toEqual({ status: "failing", database: "cannot commit" });
  expect(state.probes).toBe(2);
});

test("O41 a failed commit of marks makes health fail for one second, whatever the probe says", async () => {
  const { clock, health } = watched();
  await health.ask();
  health.failed();
  expect(await health.ask()).toMatchObject({ status: "failing" });
  clock.at += 2000;
  expect(await health.ask()).toMatchObject({ status: "ok" });
});
