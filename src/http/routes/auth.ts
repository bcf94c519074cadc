import { issueTicket } from "../../commands/issue-ticket.ts";
import { logIn } from "../../commands/log-in.ts";
import { signUp } from "../../commands/sign-up.ts";
import { whoAmI } from "../../commands/who-am-i.ts";
import type { Route } from "../route.ts";

const tokenBeside = (data: unknown) => ({ ...(typeof data === "object" ? data : {}), type: "bearer" });

export const authRoutes: readonly Route[] = [
  { method: "POST", path: "/auth/signup", command: signUp, status: 201 },
  { method: "POST", path: "/signup", command: signUp, status: 201 },
  { method: "POST", path: "/auth/login", command: logIn, status: 200 },
  { method: "POST", path: "/login", command: logIn, status: 200, beside: tokenBeside },
  { method: "POST", path: "/auth/ticket", command: issueTicket, status: 201 },
  { method: "GET", path: "/auth/me", command: whoAmI, status: 200 },
  { method: "GET", path: "/me", command: whoAmI, status: 200 },
];
