import { defineCommand, runMain } from "citty";
import { createAdmin } from "./cli/admin.ts";
import { fillDemo } from "./cli/demo.ts";
import { doctor } from "./cli/doctor.ts";
import { refuseUnknownOptions } from "./cli/options.ts";
import { sentences } from "./cli/sentences.ts";
import { reportVerification } from "./cli/verify.ts";
import { readConfig } from "./config.ts";
import { backupCommand, importCommand, migrateCommand } from "./main/data-commands.ts";
import { openDatabase, openReader } from "./main/database.ts";
import { passwordsOf, runServer } from "./main/serve.ts";

const serveCommand = defineCommand({
  meta: { name: "serve", description: "Serve (the default)" },
  args: { demo: { type: "boolean", description: "Fill an empty database with a school to try" } },
  run: ({ args }) => sentences(() => runServer(args.demo ?? false)),
});

const demoCommand = defineCommand({
  meta: { name: "demo", description: "Fill an empty database with a school to try, and end" },
  run: () =>
    sentences(async () => {
      const config = readConfig(process.env);
      const database = await openDatabase(config);
      const passwords = passwordsOf(config, database);
      console.log(await fillDemo({ ...database, passwords }));
      await database.store.close();
    }),
});

const doctorCommand = defineCommand({
  meta: {
    name: "doctor",
    description: "Show every setting and what it does, secrets masked, and what is wrong",
  },
  run: () =>
    sentences(async () => {
      const { redisFault } = await import("./bus/redis-answer.ts");
      await doctor(process.env, { database: openReader, redisFault });
    }),
});

const adminCommand = defineCommand({
  meta: { name: "admin", description: "Make an admin: admin create --email EMAIL" },
  subCommands: {
    create: defineCommand({
      meta: {
        name: "create",
        description:
          "Make an admin, or make one of a user; the new password is ROLLCALL_ADMIN_PASSWORD or made up",
      },
      args: {
        email: { type: "string", description: "The admin's email", required: true },
        name: { type: "string", description: "The admin's name" },
      },
      run: ({ args }) =>
        sentences(async () => {
          const config = readConfig(process.env);
          const database = await openDatabase(config);
          const password = config.ROLLCALL_ADMIN_PASSWORD ?? null;
          const parts = { ...database, passwords: passwordsOf(config, database) };
          console.log(await createAdmin(parts, { email: args.email, name: args.name, password }));
          await database.store.close();
        }),
    }),
  },
});

const verifyCommand = defineCommand({
  meta: { name: "verify", description: "Walk every session's log and hash chain and say what was found" },
  run: () => sentences(async () => reportVerification(await openReader(readConfig(process.env)))),
});

const main = defineCommand({
  meta: { name: "rollcall", description: "Live attendance with a video classroom" },
  default: "serve",
  subCommands: {
    serve: serveCommand,
    demo: demoCommand,
    admin: adminCommand,
    doctor: doctorCommand,
    verify: verifyCommand,
    backup: backupCommand,
    migrate: migrateCommand,
    "import-legacy": importCommand,
  },
});

// The data folder holds password hashes and the secret: nobody else reads what is made in it.
process.umask(0o077);
await sentences(() =>
  refuseUnknownOptions(process.argv.slice(2), ["--demo", "--dry-run", "--from", "--to", "--email", "--name"]),
);
await runMain(main);
