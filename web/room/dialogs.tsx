import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/dialog.tsx";
import { DeviceChoice } from "./device-choice.tsx";
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
