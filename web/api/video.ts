import { iceAnswer } from "../../protocol/http.ts";
import { request } from "./request.ts";

/** The servers by which the members of a class's room find a way to each other. Throws ApiError. */
export async function iceOf(classId: string): Promise<RTCIceServer[]> {
  const { iceServers } = await request(`/video/ice?${new URLSearchParams({ classId })}`, iceAnswer);
  return iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
}
