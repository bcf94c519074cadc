import { Button } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Client } from "../../client/index.ts";
import { Page } from "../parts/page.tsx";
import { KIND_NAMES } from "./call/devices.ts";
import { DeviceChoice } from "./device-choice.tsx";
import { DeviceSwitch } from "./device-switch.tsx";
import { Faults } from "./faults.tsx";
import css from "./lobby.module.css";
import { Picture } from "./picture.tsx";
import type { Back, RoomClass } from "./room.tsx";
import { useClassroom, useLocal, useView } from "./use-room.ts";
import type { Phase } from "./view.ts";

interface LobbyProps {
  readonly its: RoomClass;
  readonly phase: Phase;
  readonly client: Client;
  readonly back?: Back;
}

/** Before the room: how one looks and sounds, and by which devices. Whoever has none can go in and listen. */
export function Lobby({ its, phase, client, back }: LobbyProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { self } = useView();
  const { lanes, tracks } = useLocal();
  useEffect(() => {
    void classroom.local.begin();
    return () => {
      // Whoever went in goes on by them; where the session has ended meanwhile nobody does.
      if (classroom.view.get().phase.at === "lobby") classroom.local.release();
    };
  }, [classroom]);
  const isAway = useSyncExternalStore(
    (listener) => client.on("status", listener),
    () => client.status.state !== "ready",
  );
  const enter = () => {
    // They have read it here, and go in without.
    for (const kind of KIND_NAMES) classroom.local.putAside(kind);
    void classroom.enter();
  };
  const hasNone = lanes.microphone.state === "failed" && lanes.camera.state === "failed";
  return (
    <Page title={its.name} lead={t("room.lead")} {...(back && { back })}>
      <div className={css.lobby}>
        <div className={css.preview}>
          <Picture of={self.name} track={tracks.camera} isMirrored label={t("room.preview")} />
          <div className={css.switches}>
            <DeviceSwitch kind="microphone" />
            <DeviceSwitch kind="camera" />
          </div>
        </div>
        <div className={css.side}>
          <Faults />
          <DeviceChoice />
        </div>
      </div>
      <div className={css.go}>
        <Button size="lg" data-go-in loading={phase.at === "entering"} onClick={enter}>
          {t(hasNone ? "room.joinListening" : "room.join")}
        </Button>
        <p role="status" className={css.waits}>
          {phase.at === "entering" && isAway && t("room.waitsToEnter")}
        </p>
      </div>
    </Page>
  );
}
