import { z } from "zod";

const description = z.object({ type: z.enum(["offer", "answer"]), sdp: z.string() });
const candidate = z.looseObject({
  candidate: z.string(),
  sdpMid: z.string().nullish(),
  sdpMLineIndex: z.number().nullish(),
  usernameFragment: z.string().nullish(),
});

/** What two peers tell each other of their connection. */
export interface Signal {
  readonly description?: z.output<typeof description>;
  readonly candidate?: RTCIceCandidateInit;
  /** Names the connection that it is about: after one has failed there may be another. Pages of the plain dialect name none. */
  readonly link?: string;
}

export type SignalKind = "offer" | "answer" | "candidate";

/** As it goes over the wire: what pages of the plain dialect look for is there too. */
export function encodeSignal({ description: its, candidate: one, link }: Signal): {
  readonly kind: SignalKind;
  readonly data: Record<string, unknown>;
} {
  if (its) return { kind: its.type, data: { link, sdp: its, [its.type]: its } };
  return { kind: "candidate", data: { link, candidate: one } };
}

const wire = z.looseObject({
  link: z.string().optional().catch(undefined),
  sdp: z.union([z.string(), description]).optional().catch(undefined),
  offer: description.optional().catch(undefined),
  answer: description.optional().catch(undefined),
  candidate: z.union([candidate, z.string()]).optional().catch(undefined),
});

/** Reads what came: pages lay it out in several ways. Null where it is none of them, or says nothing. */
export function decodeSignal(kind: SignalKind, data: unknown): Signal | null {
  const read = wire.safeParse(data).data;
  if (!read) return null;
  const named = read.link === undefined ? {} : { link: read.link };
  if (kind === "candidate") {
    const its = candidateIn(read);
    return its && { candidate: its, ...named };
  }
  const given = read[kind] ?? read.sdp;
  if (given === undefined) return null;
  return { description: typeof given === "string" ? { type: kind, sdp: given } : given, ...named };
}

function candidateIn(read: z.output<typeof wire>): RTCIceCandidateInit | null {
  const given = read.candidate;
  if (given === undefined) return null;
  const its =
    typeof given === "string" ? { ...candidate.safeParse({ ...read, candidate: given }).data } : given;
  // Some pages tell the end of their candidates by an empty one without a section, which the browser refuses.
  if (!its.candidate) return null;
  const { sdpMid = null, sdpMLineIndex = sdpMid === null ? 0 : null, usernameFragment = null } = its;
  return { candidate: its.candidate, sdpMid, sdpMLineIndex, usernameFragment };
}
