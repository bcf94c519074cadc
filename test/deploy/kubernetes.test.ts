import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { z } from "zod";
import { SETTINGS } from "../../src/config.ts";
import { PAGES } from "../../src/http/app.ts";
import { root } from "../architecture/tree.ts";
import { schemaOf, yamlOf } from "./files.ts";
import { imageOf } from "./image.ts";

const FOLDER = "deploy/kubernetes";
const labels = z.record(z.string(), z.string());
const kustomization = z.looseObject({
  resources: z.array(z.string()),
  images: z.array(z.object({ name: z.string() })),
});
const resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels }),
});

const listed = kustomization.parse(yamlOf(`${FOLDER}/kustomization.yaml`)).resources;
const resources = listed.map((file) => resource.parse(yamlOf(`${FOLDER}/${file}`)));
const oneOf = (kind: string): unknown => resources.find((one) => one.kind === kind);

/** The definition that Kubernetes has for each kind of ours. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  Deployment: "io.k8s.api.apps.v1.Deployment",
  Service: "io.k8s.api.core.v1.Service",
  Ingress: "io.k8s.api.networking.v1.Ingress",
  PodDisruptionBudget: "io.k8s.api.policy.v1.PodDisruptionBudget",
  HorizontalPodAutoscaler: "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
};

function validators(version: string): (kind: string) => ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  addFormats(ajv);
  const { $id, ...schema } = schemaOf(`kubernetes-${version}.json`);
  ajv.addSchema(schema, String($id));
  return (kind) => ajv.compile({ $ref: `${$id}#/$defs/${DEFINITIONS[kind]}` });
}

test("DP6 the kustomization lists every file, and each is what Kubernetes 1.30 and 1.36 say", () => {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name !== "kustomization.yaml");
  expect(listed.toSorted()).toEqual(files.toSorted());
  expect(resources.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(DEFINITIONS).toSorted());
  for (const version of ["1.30", "1.36"]) {
    const validatorOf = validators(version);
    for (const one of resources) {
      const validate = validatorOf(one.kind);
      validate(one);
      expect(validate.errors ?? []).toEqual([]);
      expect(validate({ ...one, sepc: {} })).toBe(false);
    }
  }
});

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal("http") }) }).loose();
const container = z.looseObject({
  image: z.string(),
  ports: z.array(z.object({ name: z.literal("http"), containerPort: z.number() })),
  envFrom: z.array(
    z.record(z.string(), z.object({ name: z.string(), optional: z.boolean().default(false) })),
  ),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
  securityContext: z.looseObject({}),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});
const deployment = z.looseObject({
  spec: z.looseObject({
    selector: z.object({ matchLabels: labels }),
    template: z.looseObject({
      metadata: z.object({ labels }),
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.looseObject({ runAsUser: z.number(), runAsGroup: z.number() }),
        containers: z.tuple([container]),
      }),
    }),
  }),
});
const { spec } = deployment.parse(oneOf("Deployment"));
const pod = spec.template.spec;
const [server] = pod.containers;

test("DP6 secrets come by reference, and whatever a server is given is a setting of ours", () => {
  const secret = server.env.filter(({ name }) => /SECRET|TOKEN|_UR[IL]$/.test(name));
  expect(secret.map(({ name }) => name)).toEqual(["JWT_SECRET", "MONGO_URI", "REDIS_URL", "METRICS_TOKEN"]);
  for (const { value } of secret) expect(value).toBeUndefined();
  expect(server.env.filter(({ name }) => !(name in SETTINGS))).toEqual([]);
  // Any other setting may stand in the one or the other.
  expect(server.envFrom).toEqual([
    { configMapRef: { name: "rollcall", optional: true } },
    { secretRef: { name: "rollcall", optional: false } },
  ]);
});

test("DP6 the server runs as the image's user, without rights, and writes where the image does", () => {
  const { user, env } = imageOf();
  expect(`${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`).toBe(user);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
  expect(server.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  const places = server.volumeMounts.map(({ mountPath }) => mountPath);
  expect(places).toEqual([env.ROLLCALL_DATA ?? "", "/tmp"]);
  expect(server.ports).toEqual([{ name: "http", containerPort: Number(env.PORT) }]);
});

test("DP6 it is restarted by /health/live and sent requests by /health, and ends in the time that it is given", () => {
  const paths = [server.startupProbe, server.livenessProbe, server.readinessProbe].map(
    ({ httpGet }) => httpGet.path,
  );
  expect(paths).toEqual(["/health/live", "/health/live", "/health"]);
  for (const path of paths) expect(PAGES.map((page) => page.path)).toContain(path);
  const ending = server.lifecycle.preStop.sleep.seconds + SETTINGS.SHUTDOWN_MS.schema.parse(undefined) / 1000;
  expect(ending).toBeLessThan(pod.terminationGracePeriodSeconds);
});

test("DP6 all of them mean the same pods", () => {
  const pods = spec.selector.matchLabels;
  expect(spec.template.metadata.labels).toEqual(pods);
  expect(oneOf("Service")).toMatchObject({ spec: { selector: pods, sessionAffinity: "None" } });
  expect(oneOf("PodDisruptionBudget")).toMatchObject({ spec: { selector: { matchLabels: pods } } });
  expect(oneOf("HorizontalPodAutoscaler")).toMatchObject({
    spec: { scaleTargetRef: { kind: "Deployment", name: "rollcall" } },
  });
  expect(JSON.stringify(oneOf("Ingress"))).toContain('"service":{"name":"rollcall","port":{"name":"http"}}');
});

test("DP6 an ingress holds a silent socket for longer than the server does, and logs no query", () => {
  const { annotations } = z
    .looseObject({ metadata: z.looseObject({ annotations: labels }) })
    .parse(oneOf("Ingress")).metadata;
  const timeouts = Object.entries(annotations).filter(([name]) => name.includes("timeout"));
  expect(timeouts.length).toBeGreaterThan(3);
  const pingAfter = SETTINGS.PING_AFTER_MS.schema.parse(undefined) / 1000;
  for (const [, seconds] of timeouts) expect(Number.parseInt(seconds, 10)).toBeGreaterThan(2 * pingAfter);
  expect(annotations["nginx.ingress.kubernetes.io/enable-access-log"]).toBe("false");
});
