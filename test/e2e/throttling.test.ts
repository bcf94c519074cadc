import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { call, dataOf, post, refused } from "./http";
import { join, login, newcomer } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer({ TRUST_PROXY: "127.0.0.1", LOGIN_FAILURES_PER_ADDRESS_PER_S: "100000" });
afterAll(() => server.dispose());

const from = (address: string, email: string, password: string) =>
  fetch(`${server.url}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": address },
    body: JSON.stringify({ email, password }),
  });

test("TH1 too many wrong passwords are 429 with Retry-After, for the right one too, whether the email exists or not", async () => {
  const { email, password } = await join(server, "teacher");
  for (const account of [email, "nobody@school.test"]) {
    for (let n = 0; n < 5; n++) expect((await from("203.0.113.1", account, "wrong one")).status).toBe(400);
    const answer = await from("203.0.113.1", account, password);
    expect({ status: answer.status, body: await answer.json() }).toEqual(
      refused(429, "Too many wrong passwords, wait before you try again"),
    );
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  }
});

test("TH2 the owner at another address is not locked out, and letters and spaces of the email change nothing", async () => {
  const { email, password } = await join(server, "teacher");
  for (const spelled of [email, email.toUpperCase(), ` ${email}`, `${email} `, email])
    expect((await from("203.0.113.2", spelled, "wrong one")).status).toBe(400);
  expect((await from("203.0.113.2", email, password)).status).toBe(429);
  expect((await from("203.0.113.3", email, password)).status).toBe(200);
});

test("TH5 what a client writes into X-Forwarded-For before the proxy does not make it another address", async () => {
  const { email } = await join(server, "student");
  const statuses: number[] = [];
  for (let n = 0; n < 6; n++)
    statuses.push((await from(`198.51.100.${n}, 203.0.113.4`, email, "wrong one")).status);
  expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
});

test("TH3 a class that signs in from one address at the same time gets in", async () => {
  const people = await Promise.all(Array.from({ length: 40 }, () => join(server, "student")));
  await Promise.all(people.map(({ email, password }) => login(server, email, password)));
});

test("PW1 a very common password is warned about at sign-up, and any other is not", async () => {
  const common = await post(server, "/auth/signup", { ...newcomer("student"), password: "Password1" });
  expect(dataOf(common, 201)).toMatchObject({ warning: expect.stringContaining("commonest") });
  const rare = await call(server, "POST", "/auth/signup", { body: newcomer("student") });
  expect(dataOf(rare, 201)).not.toHaveProperty("warning");
});
