#!/usr/bin/env node
import { join } from "node:path";
import { bun, ensureInstalled, root } from "../scripts/install.mjs";
import { launch } from "../scripts/launch.mjs";

ensureInstalled({ dev: false });
// Relative paths, the data folder's too, are those of whoever calls.
launch(bun, [join(root, "src", "main.ts"), ...process.argv.slice(2)], { cwd: process.cwd() });
