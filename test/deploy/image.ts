import { chownSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  Copy,
  DockerfileParser,
  type Env,
  type From,
  type Instruction,
  PropertyInstruction,
} from "dockerfile-ast";
import { z } from "zod";
import { root } from "../architecture/tree.ts";

export const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");

/** What is run when a container starts, and what asks it how it is. */
export interface Image {
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly start: readonly string[];
  readonly health: readonly string[];
}

/** What the instructions of the Dockerfile's last stage say of the image. */
export function imageOf(text = dockerfile): Image {
  const last = stagesOf(text).at(-1)?.instructions ?? [];
  const content = (keyword: string) =>
    last.findLast((one) => one.getKeyword() === keyword)?.getArgumentsContent() ?? "";
  const env = last.flatMap((one) => (isEnv(one) ? one.getProperties() : []));
  return {
    env: Object.fromEntries(env.map((property) => [property.getName(), property.getValue() ?? ""])),
    workdir: content("WORKDIR"),
    user: content("USER"),
    start: [...inExecForm(content("ENTRYPOINT")), ...inExecForm(content("CMD"))],
    health: inExecForm(content("HEALTHCHECK").replace(/^CMD /, "")),
  };
}

const inExecForm = (content: string): string[] => z.array(z.string()).parse(JSON.parse(content));

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The Dockerfile's stages, in order. */
export function stagesOf(text = dockerfile): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const one of DockerfileParser.parse(text).getInstructions()) {
    if (isFrom(one))
      stages.push({ name: one.getBuildStage() ?? "", base: one.getImage() ?? "", instructions: [] });
    else stages.at(-1)?.instructions.push(one);
  }
  return stages;
}

const isFrom = (one: Instruction): one is From => one.getKeyword() === "FROM";
const isEnv = (one: Instruction): one is Env =>
  one.getKeyword() === "ENV" && one instanceof PropertyInstruction;

/** Does by hand what the stages say: each in a folder of its own that stands for its root. Gives the last one's. */
export async function build(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  let made = "";
  for (const [index, { name, instructions }] of stagesOf().entries()) {
    made = join(folder, name || `stage-${index}`);
    let workdir = made;
    for (const one of instructions) {
      if (one.getKeyword() === "WORKDIR") workdir = inside(made, one.getArgumentsContent() ?? "");
      mkdirSync(workdir, { recursive: true });
      if (one instanceof Copy) copy(one, workdir, made, folder);
      if (one.getKeyword() === "RUN") await run(one.getArgumentsContent() ?? "", workdir, env);
    }
  }
  return made;
}

/** Where a path of the image is on this machine. */
const inside = (made: string, path: string): string => (path.startsWith("/") ? join(made, path) : path);

/** COPY puts files, and what is in folders; with --chown they are that user's, where this one may say so. */
function copy(one: Copy, workdir: string, made: string, folder: string): void {
  const paths = one.getArguments().map((argument) => argument.getValue());
  const target = paths.pop() ?? "";
  const stage = flagOf(one, "from");
  const from = stage ? join(folder, stage) : root;
  const to = target.startsWith("/") ? join(made, target) : join(workdir, target);
  for (const path of paths) {
    cpSync(join(from, path), target.endsWith("/") ? join(to, basename(path)) : to, { recursive: true });
  }
  const [uid, gid] = (flagOf(one, "chown") ?? "").split(":").map(Number);
  if (uid && gid && process.getuid?.() === 0) chownSync(to, uid, gid);
}

/** The value of an instruction's flag. */
export const flagOf = (one: Copy, name: string): string | null | undefined =>
  one
    .getFlags()
    .find((flag) => flag.getName() === name)
    ?.getValue();

async function run(line: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = Bun.spawn(["/bin/sh", "-c", line], { cwd, env, stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`RUN ${line} ended with ${code}:\n${out}${err}`);
}

/** A container's process, by hand: as the image's user where this one may become it. */
export class Container {
  readonly #child;
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    private readonly image: Image,
    private readonly made: string,
    changes: Readonly<Record<string, string>>,
  ) {
    const mapped = Object.entries(image.env).map(([name, value]) => [name, inside(made, value)]);
    this.#env = { PATH: "/usr/bin:/bin", ...Object.fromEntries(mapped), ...changes };
    this.#child = this.#spawn(image.start);
  }

  /** Resolves once the image's own health check passes. */
  async healthy(): Promise<void> {
    while ((await this.#spawn(this.image.health).exited) !== 0) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${await this.#child.stderr.text()}`);
      await Bun.sleep(100);
    }
  }

  /** SIGTERM, as a container engine stops it; gives the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    await this.#child.exited;
    return this.#child.exitCode;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #spawn(argv: readonly string[]) {
    const [uid = "", gid = ""] = this.image.user.split(":");
    const asUser = ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--no-new-privs", "--"];
    const command = argv.map((arg) => inside(this.made, arg));
    return Bun.spawn([...(process.getuid?.() === 0 ? asUser : []), ...command], {
      cwd: join(this.made, this.image.workdir),
      env: this.#env,
      stdout: "pipe",
      stderr: "pipe",
    });
  }
}
