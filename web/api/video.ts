import type { z } from "zod";
import { iceAnswer, videoTokenAnswer } from "../../protocol/http.ts";
import { request } from "./request.ts";

/** The servers by which the members of a class's room find a way to each other. Throws ApiError. */
export async function iceOf(classId: string): Promise<RTCIceServer[]> {
  return asIceServers(await request(`/video/ice?${new URLSearchParams({ classId })}`, iceAnswer));
}

/** What lets a page of the room into its call on LiveKit, as that peer. Throws ApiError. */
export const passOf = (classId: string, peer: string) =>
  request("/video/token", videoTokenAnswer, { method: "POST", body: { classId, peer } });

/** What the API tells of these servers, as the browser takes it. */
export const asIceServers = ({ iceServers }: z.output<typeof iceAnswer>): RTCIceServer[] =>
  iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
