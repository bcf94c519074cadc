import type { RoomLink } from "../../../client/room.ts";
import { Call } from "./call.ts";
import type { IceServers } from "./ice-servers.ts";
import type { LocalMedia } from "./local-media.ts";
import { Mesh } from "./mesh.ts";
import { type Pass, Sfu } from "./sfu.ts";
import { encodeSignal } from "./signal.ts";

interface CallOf {
  /** This page's place in the room; null outside. */
  readonly link: () => RoomLink | null;
  readonly ice: IceServers;
  /** What lets this page into the call on LiveKit, as that peer. */
  readonly pass: (peer: string) => Promise<Pass>;
  readonly local: LocalMedia;
  readonly changed: () => void;
  readonly silenced: (isSilenced: boolean) => void;
}

/** The call of a room: the server passes on the signals of its mesh, and gives the passes for LiveKit. */
export const callOf = ({ link, ice, pass, local, changed, silenced }: CallOf): Call =>
  new Call({
    mesh: () =>
      new Mesh({
        self: link()?.room?.peer ?? "",
        ice: ice.told,
        send: (to, signal) => {
          const { kind, data } = encodeSignal(signal);
          link()?.signal(to, kind, data);
        },
      }),
    sfu: () =>
      new Sfu({
        // While the socket is cut this page is no peer, and gets none.
        pass: async () => {
          const peer = link()?.room?.peer;
          if (peer === undefined) throw new Error("not in the room now");
          return pass(peer);
        },
        ice: ice.told.get,
        muted: () => void local.turn("microphone", false),
      }),
    tracks: () => local.told.get().tracks,
    changed,
    silenced,
  });
