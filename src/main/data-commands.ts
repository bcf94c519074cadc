import { defineCommand } from "citty";
import { backup } from "../cli/backup.ts";
import { importLegacy } from "../cli/import-legacy.ts";
import { migrate } from "../cli/migrate.ts";
import { sentences } from "../cli/sentences.ts";
import { readConfig } from "../config.ts";
import { systemClock as clock } from "../ports/clock.ts";
import { backupSqlite } from "../store/sqlite/index.ts";
import { legacyOf, refuseMongo, sqliteFile } from "./database.ts";
import { endpointsOf } from "./endpoints.ts";

/** Copies the embedded database. */
export const backupCommand = defineCommand({
  meta: {
    name: "backup",
    description: "Copy the database into a new file, consistent while the server serves",
  },
  args: { file: { type: "positional", description: "The file to make", required: true } },
  run: ({ args }) =>
    sentences(() => {
      const config = readConfig(process.env);
      refuseMongo(config);
      backup(sqliteFile(config), args.file, backupSqlite);
    }),
});

/** Moves everything from one database to another. */
export const migrateCommand = defineCommand({
  meta: { name: "migrate", description: "Move everything from one database to another, empty one" },
  args: {
    from: { type: "string", description: "sqlite:PATH or mongodb://…", required: true },
    to: { type: "string", description: "The same", required: true },
  },
  run: ({ args: { from, to } }) =>
    sentences(() => migrate({ from, to }, endpointsOf(readConfig(process.env)), clock)),
});

/** Looks through what another program left in a MongoDB, and makes it ready. */
export const importCommand = defineCommand({
  meta: {
    name: "import-legacy",
    description: "Say what another program left in the MongoDB and what of it is odd, and make it ready",
  },
  args: { "dry-run": { type: "boolean", description: "Write nothing" } },
  run: ({ args }) =>
    sentences(async () => {
      const { survey, adopt } = await legacyOf(readConfig(process.env));
      await importLegacy(survey, args["dry-run"] ? null : adopt);
    }),
});
