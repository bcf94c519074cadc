import { z } from "zod";
import { failureAnswer, iceAnswer, videoTokenAnswer } from "../../../protocol/http.ts";
import { iceServers } from "../../commands/ice-servers.ts";
import { takeWebhook } from "../../commands/take-webhook.ts";
import { videoToken } from "../../commands/video-token.ts";
import { REFUSALS } from "../../core/errors.ts";
import { failure, success } from "../answers.ts";
import { readText } from "../body.ts";
import { BEN, CLASS, EIGHT, PEER_BEN, TOKEN } from "../docs/examples.ts";
import { type Page, type Route, route } from "../route.ts";

const gettingIce = route({
  method: "GET",
  path: "/video/ice",
  tag: "Video",
  summary: "STUN and TURN servers",
  description: `For members of the class of \`classId\` while its session runs, with credentials that are valid for an hour (\`TURN_LIFETIME_MS\`). Example: \`/video/ice?classId=${CLASS}\`.`,
  command: iceServers,
  query: ["classId"],
  status: 200,
  answer: iceAnswer,
  example: {
    data: {
      iceServers: [
        { urls: ["stun:turn.school.test:3478"] },
        {
          urls: ["turns:turn.school.test:5349?transport=tcp"],
          username: `${EIGHT / 1000 + 3600}:${BEN}`,
          credential: "y6RwzRzWnVBkLdBZ2TXKZ6BHZxk=",
        },
      ],
      lifetimeMs: 3_600_000,
    },
  },
});

const gettingPass = route({
  method: "POST",
  path: "/video/token",
  tag: "Video",
  summary: "A pass for LiveKit",
  description:
    "For a page that is in the class's room and was told that its media is `livekit`. The pass lets it connect for a minute (`LIVEKIT_PASS_MS`); once connected it stays, and for each further connection it asks anew. A server that has not heard of the page yet, among several, answers 404: ask again after half a second.",
  command: videoToken,
  status: 201,
  answer: videoTokenAnswer,
  example: {
    body: { classId: CLASS, peer: PEER_BEN },
    data: { url: "wss://livekit.school.test", token: TOKEN, expiresAt: new Date(EIGHT).toISOString() },
  },
});

export const videoRoutes: readonly Route[] = [gettingIce, gettingPass];

/** A body that is cut short is a bad one. */
const WEBHOOK_REFUSALS = ["invalid-schema", "bad-signature", "mesh-only", "body-too-large"] as const;

const refused = (code: (typeof WEBHOOK_REFUSALS)[number]) => ({
  description: REFUSALS[code].text,
  type: "application/json",
  schema: failureAnswer,
  example: { success: false, error: REFUSALS[code].text },
});

/** Signed by its body, so that this reads it as it came. */
export const videoPages: readonly Page[] = [
  {
    method: "POST",
    path: "/video/webhook",
    tag: "Video",
    summary: "LiveKit's webhook",
    description:
      "LiveKit tells here who entered and left a call: its `webhook.urls` name it, with the key of LIVEKIT_API_KEY.",
    answers: {
      200: {
        description: "It is taken.",
        type: "application/json",
        schema: z.object({ success: z.literal(true), data: z.object({}) }),
        example: { success: true, data: {} },
      },
      ...Object.fromEntries(WEBHOOK_REFUSALS.map((code) => [REFUSALS[code].status, refused(code)])),
    },
    serve: async ({ context, bodyBytesMax }, request) => {
      const body = await readText(request, bodyBytesMax);
      if (!body.ok) return failure(body);
      const taken = await takeWebhook(context, body.value, request.headers.get("authorization") ?? "");
      return taken.ok ? success({}, 200) : failure(taken);
    },
  },
];
