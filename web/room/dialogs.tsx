import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/dialog.tsx";
import { DeviceChoice } from "./device-choice.tsx";
import type { Person } from "./person.ts";
import { useClassroom } from "./use-room.ts";

interface DialogProps {
  readonly onClose: () => void;
}

/** Other devices, in the middle of the room. */
export function DevicesDialog({ onClose }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t("room.devices")}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("room.gotIt")}</Button>}
    >
      <DeviceChoice />
    </Dialog>
  );
}

/** Asks once before everyone is out: that cannot be undone. */
export function CloseDialog({ onClose }: DialogProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  return (
    <Dialog
      title={t("room.closeAsk")}
      onClose={onClose}
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            onClick={() => {
              classroom.desk.closeRoom();
              onClose();
            }}
          >
            {t("room.closeRoom")}
          </Button>
        </>
      }
    >
      <p>{t("room.closeNote")}</p>
    </Dialog>
  );
}

interface RemoveProps {
  readonly person: Person;
  readonly onClose: (isRemoved: boolean) => void;
}

/** Asks before somebody is out: rows move, and the next press would meet another. */
export function RemoveDialog({ person: { user, name }, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  return (
    <Dialog
      title={t("room.removeAsk", { name })}
      onClose={() => onClose(false)}
      actions={
        <>
          <Button variant="default" onClick={() => onClose(false)}>
            {t("cancel")}
          </Button>
          <Button
            onClick={() => {
              classroom.desk.remove(user);
              onClose(true);
            }}
          >
            {t("room.remove")}
          </Button>
        </>
      }
    >
      <p>{t("room.removeNote")}</p>
    </Dialog>
  );
}
