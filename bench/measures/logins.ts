import { outcome } from "../load/scenario.ts";
import { type Contender, contender, figureOf, interleaved, type Measure, type Options } from "../measure.ts";
import { BUN, spawnPinned } from "../process.ts";
import { buildSchool, emailOf } from "../school.ts";
import { plain } from "../systems.ts";

const PASSWORD = "correct horse battery staple";
/** What the contract asks of a password's hash, and `src/identity/passwords.ts` makes. */
const COST = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** Logins beside marks. */
export const logins: Measure = {
  name: "logins",
  about: "argon2id logins, four at once, while 20 marks a second go to 300 students; p95 of the marks in ms",
  run: async (options) => {
    const { quick } = options;
    const hash = await Bun.password.hash(PASSWORD, COST);
    const school = await buildSchool({ classes: 1, students: quick ? 10 : 300, passwordHash: hash });
    const emails = (school.rooms[0]?.students ?? []).map(emailOf);
    const work = {
      kind: "latency",
      perSecond: 20,
      warmMs: quick ? 100 : 1500,
      measureMs: quick ? 400 : 7000,
      logins: { emails, password: PASSWORD, atOnce: 4 },
    } as const;
    const alone = bareArgon2(hash, options);
    const ours = contender(plain, school, { teacherSockets: 1, studentSockets: 1 }, work);
    const rows = await interleaved(options, [alone, ours]);
    const figure = (name: string) => figureOf(rows, ours, name);
    const share = figure("loginsPerSecond") / figureOf(rows, alone, "loginsPerSecond");
    const marks = figure("busyP95") / figure("quietP95");
    return {
      rows,
      reaches: [
        { what: "logins beside bare argon2id", unit: "×", value: share, limit: 0.9, atLeast: true },
        { what: "p95 of marks with logins beside without", unit: "×", value: marks, limit: 2 },
      ],
    };
  },
};

const bareArgon2 = (hash: string, { quick }: Options): Contender => ({
  name: "bare argon2id",
  round: async () => {
    const env = { HASH: hash, PASSWORD, MEASURE_MS: quick ? "300" : "4000" };
    const child = spawnPinned([BUN, "bench/baselines/argon2.ts"], env);
    return outcome.parse(await child.stdout.json());
  },
});
