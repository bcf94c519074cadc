import { z } from "zod";
import { count, ms, setting } from "./setting.ts";

/** The settings of the video room: how its peers meet, and what is made of who was there. */
export const ROOM_SETTINGS = {
  STUN_URLS: setting(
    z.string().min(1).optional(),
    "STUN servers for the video room, `stun:HOST:PORT`, separated by commas.",
  ),
  TURN_URLS: setting(
    z.string().min(1).optional(),
    "TURN servers for the video room, `turn:HOST:PORT` or `turns:HOST:PORT`, separated by commas.",
  ),
  TURN_SECRET: setting(
    z.string().min(1).optional(),
    "The secret shared with the TURN servers (coturn's static-auth-secret); TURN_URLS needs it.",
    true,
  ),
  TURN_LIFETIME_MS: setting(ms(3_600_000, 60_000), "How long credentials for a TURN server are valid."),
  SIGNALS_PER_S: setting(
    count(100),
    "WebRTC signals a second that a socket in a video room may send to others.",
  ),
  SIGNALS_BURST: setting(count(1000), "WebRTC signals that it may send at once; over it 1008."),
  VIDEO_MESH_MAX: setting(count(6, 2), "Peers in a video room that are connected each to each, at most."),
  ROOM_PAGES_MAX: setting(
    count(3),
    "Pages and sockets by which one person is in a video room; with one more the oldest is out.",
  ),
  SHOWS_PER_S: setting(
    count(5),
    "How often a second a page may come into a video room, or show there another thing of itself.",
  ),
  SHOWS_BURST: setting(count(30), "How often it may at once."),
  CHAT_CHARS_MAX: setting(count(2000), "Characters of a message in a video room."),
  CHAT_PER_S: setting(count(2), "Messages a second that a socket in a video room may say to everyone."),
  CHAT_BURST: setting(count(10), "Messages that it may say at once."),
  CHAT_SHOWN_MAX: setting(
    count(200),
    "Messages that one who comes into a video room is told, where the class keeps them.",
  ),
  LIVEKIT_URL: setting(
    z.url({ protocol: /^wss?$/, error: "must be ws://HOST:PORT or wss://HOST" }).optional(),
    "LiveKit, as browsers reach it: it carries rooms of more than VIDEO_MESH_MAX. Needs the two below.",
  ),
  LIVEKIT_API_KEY: setting(z.string().min(1).optional(), "The key by which LiveKit knows this server."),
  LIVEKIT_API_SECRET: setting(z.string().min(1).optional(), "The secret of that key.", true),
  LIVEKIT_PASS_MS: setting(
    ms(60_000, 5000),
    "How long a page may take to connect to LiveKit with the pass that it was given.",
  ),
  LIVEKIT_TIMEOUT_MS: setting(ms(5000, 100), "How long LiveKit may take to do what it is asked."),
  LIVEKIT_LIST_MS: setting(
    ms(30_000, 100),
    "How often LiveKit is asked who is in a call, for webhooks that never came.",
  ),
  LIVEKIT_ALONE_MS: setting(
    ms(60_000, 0),
    "How long a page may be in a call without a socket in its room: the network may cut it off from us alone.",
  ),
  PRESENCE_BRIDGE_MS: setting(
    ms(60_000, 0),
    "A gap in somebody's time in the video room that is shorter counts as being there, and is marked so.",
  ),
  ROOM_STAYS_MAX: setting(
    count(1000),
    "How often one person's coming into the room of one session is written down.",
  ),
  ROOM_PING_MS: setting(
    ms(2000, 10),
    "A socket in a video room that was silent this long is pinged, so that its end is known as exactly.",
  ),
};
