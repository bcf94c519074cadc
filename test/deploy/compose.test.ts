import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { z } from "zod";
import { SETTINGS } from "../../src/config.ts";
import { schemaOf, yamlOf } from "./files.ts";
import { imageOf } from "./image.ts";

const ONE = "docker-compose.yml";
const CLUSTER = "deploy/compose.cluster.yml";
const MONGO3 = "deploy/compose.mongo3.yml";

const service = z.looseObject({
  image: z.string().optional(),
  extends: z.object({ file: z.string(), service: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.array(z.object({ path: z.string(), required: z.boolean() })).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const project = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean() }).optional()).default({}),
});
type Service = z.output<typeof service>;

const servicesOf = (path: string): Record<string, Service> => project.parse(yamlOf(path)).services;
const serviceOf = (path: string, name: string): Service => servicesOf(path)[name] ?? service.parse({});

test("DP5 the compose files are what the schema of compose says", () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(schemaOf("compose-spec.json"));
  for (const path of [ONE, CLUSTER, MONGO3]) {
    validate(yamlOf(path));
    expect(validate.errors ?? []).toEqual([]);
  }
  expect(validate({ services: { server: { imagge: "x" } } })).toBe(false);
});

test("DP5 the first user needs no secret, and the cluster refuses to come up without one and says what to run", () => {
  expect(serviceOf(ONE, "server").environment).not.toHaveProperty("JWT_SECRET");
  expect(serviceOf(CLUSTER, "server").environment.JWT_SECRET).toMatch(
    /^\$\{JWT_SECRET:\?.*openssl rand.*\}$/,
  );
});

test("DP5 servers come up after their healthy stores, in the image's own folders, and write nowhere else", () => {
  for (const path of [ONE, CLUSTER]) {
    const server = serviceOf(path, "server");
    for (const name of ["mongo", "redis"])
      expect(server.depends_on[name]).toEqual({ condition: "service_healthy" });
    const written = [...server.tmpfs, ...server.volumes.map((volume) => volume.split(":")[1] ?? "")];
    const folders = written.map((place) => place.split(":")[0]);
    expect(folders.toSorted()).toEqual([imageOf().env.ROLLCALL_DATA ?? "", "/tmp"]);
    expect(server).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  }
});

test("DP5 what a server is given is a setting of ours", () => {
  for (const path of [ONE, CLUSTER, MONGO3]) {
    const given = Object.keys(serviceOf(path, "server").environment);
    expect(given.filter((name) => !(name in SETTINGS))).toEqual([]);
  }
});

test("DP5 any setting may stand in the .env of the checkout, and none there moves what the file has fixed", () => {
  const fixed = [
    "HOST",
    "PORT",
    "ROLLCALL_DATA",
    "MONGO_URI",
    "MONGODB_URI",
    "DB_URL",
    "MONGO_DB_URL",
    "REDIS_URL",
  ];
  for (const path of [ONE, CLUSTER]) {
    const { env_file, environment } = serviceOf(path, "server");
    expect(env_file.map((file) => join(dirname(path), file.path))).toEqual([".env"]);
    expect(env_file.every(({ required }) => !required)).toBe(true);
    for (const name of fixed) {
      expect(environment[name]).toBeString();
      expect(environment[name]).not.toContain("$");
    }
  }
});

test("DP5 the stores, which have no password, can be reached by the servers alone", () => {
  for (const path of [ONE, CLUSTER, MONGO3]) {
    const { networks } = project.parse(yamlOf(path));
    for (const [name, own] of Object.entries(servicesOf(path))) {
      if (!/^(mongo|redis)/.test(name)) continue;
      const all = own.extends ? serviceOf(ONE, own.extends.service) : own;
      expect([...all.ports, ...own.ports]).toEqual([]);
      if (path !== MONGO3) expect(networks.inside).toEqual({ internal: true });
      if (all.image) expect(all.networks).toEqual(["inside"]);
    }
  }
  expect(serviceOf(CLUSTER, "nginx").networks).not.toContain("inside");
  expect(serviceOf(CLUSTER, "server").ports).toEqual([]);
});

test("DP5 every image has a version", () => {
  const images = [ONE, CLUSTER, MONGO3].flatMap((path) =>
    Object.values(servicesOf(path)).flatMap(({ image }) => image ?? []),
  );
  for (const image of images) expect(image).toMatch(/^rollcall$|:\d+\.\d+/);
});
