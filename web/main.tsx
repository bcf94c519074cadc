import "@mantine/core/styles.css";
import "./theme/tokens.css";
import { config } from "zod";

// Zod would compile its checks by `new Function`, which the page's policy refuses and reports. No schema may be made
// before this is said, so everything else comes after.
config({ jitless: true });
const isClassroom = location.pathname === "/static/classroom.html";
const { start } = await (isClassroom ? import("./room/page/start.tsx") : import("./start.tsx"));
await start();
