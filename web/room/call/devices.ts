/** What one speaks and is seen by. */
export type Kind = "microphone" | "camera";
export const KIND_NAMES: readonly Kind[] = ["microphone", "camera"];

/** A device that can be chosen. */
export interface Device {
  readonly id: string;
  readonly label: string;
  /** The apparatus that it is a part of: what is called the default one is another after an unplugging. */
  readonly group: string;
}

export type Devices = Readonly<Record<Kind, readonly Device[]>>;
export type Chosen = Readonly<Record<Kind, string | null>>;

const KINDS = { microphone: "audioinput", camera: "videoinput" } as const;

/** The devices that the browser tells of; none before the person has allowed one of their kind. */
export async function devicesNow(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const of = (kind: Kind) =>
    all.flatMap(({ kind: its, deviceId: id, label, groupId: group }) =>
      its === KINDS[kind] && id ? { id, label, group } : [],
    );
  return { microphone: of("microphone"), camera: of("camera") };
}

/** Both at once, so that the person is asked once. Throws what the browser throws. */
export async function openBoth(chosen: Chosen): Promise<Readonly<Record<Kind, MediaStreamTrack | null>>> {
  const stream = await navigator.mediaDevices.getUserMedia(constraints(chosen));
  return {
    microphone: stream.getAudioTracks()[0] ?? null,
    camera: stream.getVideoTracks()[0] ?? null,
  };
}

/** One of them: the chosen one, or any where that is not there. Throws what the browser throws. */
export async function openOne(kind: Kind, chosen: Chosen): Promise<MediaStreamTrack | null> {
  const { audio, video } = constraints(chosen);
  const stream = await navigator.mediaDevices.getUserMedia(kind === "microphone" ? { audio } : { video });
  return stream.getTracks()[0] ?? null;
}

const constraints = ({ microphone, camera }: Chosen) => ({
  audio: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(microphone && { deviceId: { ideal: microphone } }),
  },
  video: {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...(camera && { deviceId: { ideal: camera } }),
  },
});

/** What the browser would do without asking; "unknown" where it does not tell. */
export async function permissionOf(name: Kind): Promise<PermissionState | "unknown"> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return "unknown";
  }
}
