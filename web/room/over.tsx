import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Empty } from "../parts/empty.tsx";
import { Page } from "../parts/page.tsx";
import type { Back, RoomClass } from "./room.tsx";
import { useClassroom, useView } from "./use-room.ts";
import type { Phase } from "./view.ts";

interface OverProps {
  readonly its: RoomClass;
  readonly phase: Extract<Phase, { at: "over" | "refused" }>;
  readonly back?: Back;
  /** The session is over, whatever it was that one left by. */
  readonly isEnded: boolean;
}

/** After these it is no use to try again before something has changed; what, the words say. */
const FINAL: ReadonlySet<string> = new Set([
  "sessionEnded",
  "notMember",
  "no-active-session",
  "not-enrolled",
  "not-class-teacher",
]);

/** Why one is not in the room, or not any more, and what can be done. */
export function Over({ its, phase, back, isEnded }: OverProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { role } = useView().self;
  const told = phase.at === "over" ? phase.reason : phase.code;
  const reason = isEnded && !FINAL.has(told) ? "sessionEnded" : told;
  const named = KEYS[reason] ?? "other";
  const key = named === "ended" && role === "teacher" ? "endedByYou" : named;
  const count = phase.at === "refused" ? (phase.max ?? 0) : 0;
  return (
    <Page title={its.name} {...(back && { back })}>
      <div role="status">
        <Empty level={2} title={t(`room.over.${key}`, { count })}>
          {t(`room.overNext.${key}`)}
        </Empty>
      </div>
      {!FINAL.has(reason) && (
        <div>
          <Button onClick={() => classroom.again()}>{t("room.again")}</Button>
        </div>
      )}
    </Page>
  );
}

type Key =
  | "left"
  | "removed"
  | "ended"
  | "endedByYou"
  | "sessionEnded"
  | "notMember"
  | "replaced"
  | "full"
  | "locked"
  | "other";

/** By the server's reason or code. */
const KEYS: Readonly<Record<string, Key>> = {
  left: "left",
  removed: "removed",
  "removed-from-room": "removed",
  ended: "ended",
  "room-ended": "ended",
  sessionEnded: "sessionEnded",
  "no-active-session": "sessionEnded",
  notMember: "notMember",
  "not-enrolled": "notMember",
  "not-class-teacher": "notMember",
  replaced: "replaced",
  "room-full": "full",
  "room-locked": "locked",
};
