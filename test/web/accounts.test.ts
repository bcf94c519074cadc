import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { printedCode } from "../e2e/admin.ts";
import { dataOf, get, post } from "../e2e/http.ts";
import { join, newClass, school, startSession, student } from "../e2e/people.ts";
import { person } from "./gallery.ts";
import { Rig, signIn } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

const ADA = { email: "ada@school.test", password: "the engine weaves" };

test("WB14 people change their name, email and password; every other device is signed out by it, this one goes on", async () => {
  const bob = await join(rig.server, "teacher");
  const [desk, phone] = [
    await rig.visit("/account", { as: bob, statuses: [400], cuts: true }),
    await rig.visit("/account", { as: bob, statuses: [401], cuts: true }),
  ];
  const { page } = desk;
  await page.getByRole("button", { name: "Change name or email" }).click();
  await page.getByLabel("Name").fill("Bob Noyce");
  await page.getByLabel("Present password").fill("wrong");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("The email or the password is not right").waitFor();
  await page.getByLabel("Present password").fill(bob.password);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Account, Bob Noyce" }).waitFor();
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByLabel("Present password").fill(bob.password);
  const renewed = page.getByLabel("New password");
  await renewed.fill("password1");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("among the 10,000 commonest").waitFor();
  await renewed.fill("a better secret");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed").waitFor();
  await phone.page.getByText("You were signed out.").waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await signIn(phone.page, { ...bob, password: "a better secret" });
  for (const { complaints, context } of [desk, phone]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

test("WB15 people see where they are signed in, and end one or all of it", async () => {
  const bob = await join(rig.server, "teacher");
  const [desk, phone] = await Promise.all([
    rig.visit("/account"),
    rig.visit("/account", { as: bob, statuses: [401], cuts: true }),
  ]);
  await signIn(desk.page, bob);
  await desk.page.getByText("Last used").waitFor();
  await desk.page.getByRole("button", { name: /^Sign out .* on / }).click();
  await phone.page.getByText("You were signed out.").waitFor();
  await signIn(phone.page, bob);
  await phone.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await phone.page.getByRole("button", { name: "Sign in" }).waitFor();
  await desk.page.getByText("You were signed out.").waitFor();
  for (const { complaints } of [desk, phone])
    expect(complaints.filter((one) => !one.includes("401"))).toEqual([]);
  await Promise.all([desk, phone].map(({ context }) => context.close()));
});

test("WB16 the printed code makes the first administrator, who cares for people and classes", async () => {
  const physics = await school(rig.server, 1);
  const other = await join(rig.server, "teacher");
  const { page, complaints, context } = await rig.visit("/", { statuses: [400, 403] });
  await page.getByText("This server has no administrator yet.").waitFor();
  await page.getByRole("link", { name: "Set up this server" }).click();
  await page.getByLabel("One-time code").fill("made up");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("Email").fill(ADA.email);
  await page.getByLabel("Password", { exact: true }).fill(ADA.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByText("This code is unknown, used or expired").waitFor();
  await page.getByLabel("One-time code").fill(printedCode(rig.server));
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByText("The server serves").waitFor();
  await page.getByText("Open connections").waitFor();
  await page.getByText("No session is running.").waitFor();
  await startSession(rig.server, other, await newClass(rig.server, other));
  await page.getByText(new RegExp(`^${other.name} · Since .* · 0 present · 0 absent · 0 unmarked`)).waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Find a setting").fill("class_size");
  await page.getByText("Students in one class.").waitFor();
  expect(await page.getByRole("definition").count()).toBe(1);

  await page.getByRole("link", { name: "People" }).click();
  await page.getByRole("button", { name: "Invite a teacher" }).click();
  const invitation = await page.getByLabel("Give this link to the teacher").inputValue();
  await page.getByLabel("Find people").fill(student(physics, 0).email);
  await page.getByRole("button", { name: `Link for a new password of ${student(physics, 0).name}` }).click();
  const reset = await page.getByLabel(/^Give this link to .* alone/).inputValue();
  await page.getByRole("link", { name: "Classes" }).click();
  await page.getByRole("link", { name: `class of ${physics.teacher.name}` }).click();
  await page.getByLabel("Hand this class to another teacher").fill(other.email);
  await page.getByRole("button", { name: `Hand over to ${other.name}` }).click();
  await page.getByText("The class is handed over.").waitFor();
  expect(complaints).toEqual([]);

  const invited = await rig.visit(invitation.replace(rig.server.url, ""));
  await invited.page.getByLabel("Name").fill("Invited Teacher");
  await invited.page.getByLabel("Email").fill("invited@school.test");
  await invited.page.getByLabel("Password", { exact: true }).fill("another secret");
  await invited.page.getByRole("button", { name: "Create account" }).click();
  await invited.page.getByText("No classes yet").waitFor();
  const forgetful = await rig.visit(reset.replace(rig.server.url, ""));
  await forgetful.page.getByLabel("New password").fill("remembered now");
  await forgetful.page.getByRole("button", { name: "Set password" }).click();
  await forgetful.page.getByText("Your new password is set").waitFor();
  await forgetful.page.getByRole("link", { name: "Sign in" }).click();
  await signIn(forgetful.page, { ...student(physics, 0), password: "remembered now" });

  await Promise.all([context, invited.context, forgetful.context].map((one) => one.close()));
});

test("WB16 an administrator disables an account, which is out at once, and finds in the trail that it was done", async () => {
  const bob = await person(rig.server, "Carl Noyce", "student");
  await setUp();
  const [desk, seat] = [
    await rig.visit("/administration/people", { as: ADA }),
    await rig.visit("/", { as: bob, statuses: [401], cuts: true }),
  ];
  const { page } = desk;
  await seat.page.getByText("Live", { exact: true }).waitFor();
  await page.getByLabel("Find people").fill(bob.email);
  await page.getByRole("button", { name: "Disable Carl Noyce" }).click();
  await seat.page.getByText("You were signed out.").waitFor();
  await page.getByRole("link", { name: "What was done Carl Noyce" }).click();
  await page.getByRole("listitem").getByText("Disabled an account").first().waitFor();
  await page.getByLabel("What").selectOption("disabled");
  await page.getByText(/by Ada Lovelace · about Carl Noyce/).waitFor();
  await page.getByLabel("To", { exact: true }).fill("2001-01-01");
  await page.getByText("Nothing found").waitFor();
  for (const { complaints, context } of [desk, seat]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

/** Makes the administrator where there is none yet. */
async function setUp(): Promise<void> {
  const { open } = z.object({ open: z.boolean() }).parse(dataOf(await get(rig.server, "/setup")));
  if (!open) return;
  const body = { ...ADA, name: "Ada Lovelace", code: printedCode(rig.server) };
  dataOf(await post(rig.server, "/setup", body), 201);
}
