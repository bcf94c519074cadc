import { programOf } from "./program.ts";
import { Service } from "./service.ts";

export interface TestRedis {
  readonly url: string;
  readonly service: Service;
  remove(): Promise<void>;
}

/** A Redis that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const service = new Service({
    name: "redis",
    program: programOf("redis-server"),
    args: (port, folder) => [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
      ...["--save", "", "--appendonly", "no"],
    ],
    ready: /Ready to accept connections/,
  });
  try {
    await service.start();
  } catch (error) {
    await service.remove();
    throw error;
  }
  return { url: `redis://${service.address}`, service, remove: () => service.remove() };
}
