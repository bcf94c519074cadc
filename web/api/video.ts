import type { z } from "zod";
import { iceAnswer, videoTokenAnswer } from "../../protocol/http.ts";
import type { Ice } from "../room/call/ice-servers.ts";
import { request } from "./request.ts";

/** The servers by which the members of a class's room find a way to each other. Throws ApiError. */
export async function iceOf(classId: string): Promise<Ice> {
  return asIce(await request(`/video/ice?${new URLSearchParams({ classId })}`, iceAnswer));
}

/** What lets a page of the room into its call on LiveKit, as that peer. Throws ApiError. */
export const passOf = (classId: string, peer: string) =>
  request("/video/token", videoTokenAnswer, { method: "POST", body: { classId, peer } });

/** What the API tells of these servers, as the browser takes it. */
export const asIce = ({ iceServers, lifetimeMs }: z.output<typeof iceAnswer>): Ice => ({
  lifetimeMs,
  servers: iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  })),
});
