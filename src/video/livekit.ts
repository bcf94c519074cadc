import {
  AccessToken,
  RoomServiceClient,
  ServerError,
  TrackSource,
  TrackType,
  WebhookReceiver,
} from "livekit-server-sdk";
import { isClassId, isSessionId, isUserId, type SessionId } from "../core/ids.ts";
import { type Caller, CallFault, type CallNews, type Calls } from "../ports/calls.ts";
import type { Clock } from "../ports/clock.ts";

export interface LiveKitParts {
  /** As browsers reach it, ws:// or wss://. */
  readonly url: string;
  readonly key: string;
  readonly secret: string;
  /** How long a pass lets its page connect, in ms. */
  readonly passMs: number;
  /** How long LiveKit may take to answer, in ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

type Participant = Awaited<ReturnType<RoomServiceClient["listParticipants"]>>[number];

/** Calls on LiveKit: a room for each session, in which a page is known by its peer's id. */
export function livekitCalls({ url, key, secret, passMs, timeoutMs, clock }: LiveKitParts): Calls {
  const api = new RoomServiceClient(url.replace(/^ws/, "http"), key, secret, {
    requestTimeout: timeoutMs / 1000,
    failover: false,
  });
  const receiver = new WebhookReceiver(key, secret);
  const participants = (session: SessionId) => orNothing(api.listParticipants(session), []);
  return {
    url,
    async pass({ session, classId, user, peer }, name) {
      const token = new AccessToken(key, secret, {
        identity: peer,
        ttl: Math.ceil(passMs / 1000),
        // Signed by us, and not the page's to change: by them a webhook says whom it is about.
        attributes: { user, class: classId },
        ...(name !== null && { name }),
      });
      token.addGrant({
        room: session,
        roomJoin: true,
        canPublish: true,
        canPublishSources: SOURCES,
        canSubscribe: true,
        canPublishData: false,
      });
      return { url, token: await token.toJwt(), expiresAt: clock.now() + passMs };
    },
    async remove(session, user) {
      const theirs = (await participants(session)).filter(({ attributes }) => attributes.user === user);
      await Promise.all(
        theirs.map(({ identity }) => orNothing(api.removeParticipant(session, identity), undefined)),
      );
    },
    hangUp: (session, peer) => orNothing(api.removeParticipant(session, peer), undefined),
    async mute(session, peers) {
      const theirs = (await participants(session)).filter(({ identity }) => peers.includes(identity));
      for (const { identity, tracks } of theirs)
        for (const { sid, type, muted } of tracks)
          if (type === TrackType.AUDIO && !muted)
            await orNothing(api.mutePublishedTrack(session, identity, sid, true), undefined);
    },
    end: (session) => orNothing(api.deleteRoom(session), undefined),
    async callers(session) {
      const all = await participants(session);
      return all.flatMap((one) => {
        const caller = callerOf(session, one);
        return caller ? newsOf(caller, one.sid, "entered", Number(one.joinedAt), clock.now()) : [];
      });
    },
    async heard(body, signature) {
      const event = await receiver.receive(body, signature).catch(() => null);
      if (!event) return null;
      const kind = KINDS[event.event];
      const { room, participant } = event;
      const caller = room && participant && callerOf(room.name, participant);
      return kind && caller
        ? newsOf(caller, participant.sid, kind, Number(event.createdAt), clock.now())
        : "nothing";
    },
  };
}

/** What a page may send: nothing that the room has no place, and its teacher no word, for. */
const SOURCES = [TrackSource.MICROPHONE, TrackSource.CAMERA, TrackSource.SCREEN_SHARE];

/** LiveKit tells whole seconds: nobody was there earlier than it says, nor later. */
const newsOf = (
  caller: Caller,
  device: string,
  kind: CallNews["kind"],
  seconds: number,
  now: number,
): CallNews => ({
  ...caller,
  device,
  kind,
  when: kind === "entered" ? Math.min(now, seconds * 1000 + 999) : seconds * 1000,
});

const KINDS: Readonly<Record<string, CallNews["kind"]>> = {
  participant_joined: "entered",
  participant_left: "left",
  participant_connection_aborted: "left",
};

/** Whom a participant is; null for one whom we gave no pass. */
function callerOf(session: string, { identity: peer, attributes }: Participant): Caller | null {
  const { user, class: classId } = attributes;
  if (user === undefined || classId === undefined) return null;
  return isSessionId(session) && isUserId(user) && isClassId(classId)
    ? { session, classId, user, peer }
    : null;
}

/** What is not there any more needs nothing done. */
async function orNothing<T>(asked: Promise<T>, nothing: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    // A proxy's answer has no code: LiveKit itself is away.
    if (!(error instanceof ServerError) || error.code === undefined) throw error;
    if (error.code === "not_found") return nothing;
    throw new CallFault(error.message, { cause: error });
  }
}
