import { iceAnswer } from "../../../protocol/http.ts";
import { iceServers } from "../../commands/ice-servers.ts";
import { BEN, CLASS, EIGHT } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

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
    },
  },
});

export const videoRoutes: readonly Route[] = [gettingIce];
