import { z } from "zod";
import { iceAnswer, videoTokenAnswer } from "../../protocol/http.ts";
import type { Ice } from "../room/call/ice-servers.ts";
import { request } from "./request.ts";

/** While the school is updated a server of before may answer, which does not tell for how long: asked again soon, then. */
const UNTOLD_LIFETIME_MS = 600_000;
/** What `GET /video/ice` answers. */
export const iceHeard = iceAnswer.extend({ lifetimeMs: z.int().default(UNTOLD_LIFETIME_MS) });

/** The servers by which the members of a class's room find a way to each other. Throws ApiError. */
export async function iceOf(classId: string): Promise<Ice> {
  return asIce(await request(`/video/ice?${new URLSearchParams({ classId })}`, iceHeard));
}

/** What lets a page of the room into its call on LiveKit, as that peer. Throws ApiError. */
export const passOf = (classId: string, peer: string) =>
  request("/video/token", videoTokenAnswer, { method: "POST", body: { classId, peer } });

/** What the API tells of these servers, as the browser takes it. */
export const asIce = ({ iceServers, lifetimeMs }: z.output<typeof iceHeard>): Ice => ({
  lifetimeMs,
  servers: iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  })),
});
