import type { Measure } from "../measure.ts";
import { cluster } from "./cluster.ts";
import { entering } from "./entering.ts";
import { fanout } from "./fanout.ts";
import { growth } from "./growth.ts";
import { idle } from "./idle.ts";
import { join } from "./join.ts";
import { latency } from "./latency.ts";
import { logins } from "./logins.ts";
import { marks } from "./marks.ts";
import { restart } from "./restart.ts";
import { signals } from "./signals.ts";
import { storm } from "./storm.ts";
import { tokens } from "./tokens.ts";

/** Everything that is measured, in the order of the table. */
export const MEASURES: readonly Measure[] = [
  fanout,
  latency,
  storm,
  marks,
  idle,
  logins,
  tokens,
  restart,
  growth,
  signals,
  entering,
  join,
  cluster,
];
