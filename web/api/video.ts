import type { z } from "zod";
import { iceAnswer } from "../../protocol/http.ts";
import { request } from "./request.ts";

/** The servers by which the members of a class's room find a way to each other. Throws ApiError. */
export async function iceOf(classId: string): Promise<RTCIceServer[]> {
  return asIceServers(await request(`/video/ice?${new URLSearchParams({ classId })}`, iceAnswer));
}

/** What the API tells of these servers, as the browser takes it. */
export const asIceServers = ({ iceServers }: z.output<typeof iceAnswer>): RTCIceServer[] =>
  iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
