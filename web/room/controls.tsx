import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./controls.module.css";
import { DeviceSwitch, Switch } from "./device-switch.tsx";
import type { Layout } from "./stage.tsx";
import { useClassroom, useLocal, useView } from "./use-room.ts";

/** What stands beside the stage. */
export type Panel = "people" | "chat" | null;

interface ControlsProps {
  readonly panel: Panel;
  readonly setPanel: (panel: Panel) => void;
  readonly layout: Layout;
  readonly setLayout: (layout: Layout) => void;
  readonly ask: (what: "devices" | "closeRoom") => void;
  /** Messages that nobody has looked at. */
  readonly unread: number;
}

/** Four that are always there, and the rest behind one. */
export function Controls(props: ControlsProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { screen } = useLocal().lanes;
  const [isOpen, setOpen] = useState(false);
  const isShared = screen.state === "on";
  const share = () => (isShared ? classroom.local.unshare() : void classroom.local.share());
  return (
    <div className={css.controls} role="toolbar" aria-label={t("room.controls")} onKeyDown={byArrows}>
      <DeviceSwitch kind="microphone" />
      <DeviceSwitch kind="camera" />
      <Switch
        icon={isShared ? "screen-share-off" : "screen-share"}
        label={t(isShared ? "room.screen.turnOff" : "room.screen.turnOn")}
        isOn={isShared}
        isFaulty={screen.state === "failed"}
        onClick={share}
      />
      <Switch icon="phone-off" label={t("room.leave")} isOn={false} ends onClick={() => classroom.leave()} />
      <More {...props} isOpen={isOpen} setOpen={setOpen} />
    </div>
  );
}

interface MoreProps extends ControlsProps {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
}

function More({ isOpen, setOpen, ...props }: MoreProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && !place.current?.contains(target)) setOpen(false);
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== "Escape") return;
      setOpen(false);
      place.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [isOpen, setOpen]);
  return (
    <div ref={place} className={css.more}>
      <Switch
        icon="dots"
        label={props.unread > 0 ? t("room.moreUnread", { count: props.unread }) : t("room.more")}
        isOn={props.unread > 0}
        isExpanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <Rest
          {...props}
          close={() => {
            setOpen(false);
            // What was pressed is gone; a dialog that it opens gives the focus back here.
            place.current?.querySelector("button")?.focus();
          }}
        />
      )}
    </div>
  );
}

function Rest({
  panel,
  setPanel,
  layout,
  setLayout,
  ask,
  unread,
  close,
}: ControlsProps & { close: () => void }) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { self } = useView();
  const toggled = (one: "people" | "chat") => setPanel(panel === one ? null : one);
  const entry = (words: string, act: () => void, keyName?: string) => (
    <button
      type="button"
      aria-keyshortcuts={keyName}
      onClick={() => {
        act();
        close();
      }}
    >
      {words}
      {keyName && <span>{keyName}</span>}
    </button>
  );
  return (
    <div className={css.rest}>
      {entry(t(self.hand ? "room.handDown" : "room.raiseHand"), () => classroom.raise(!self.hand), "H")}
      {entry(t(panel === "people" ? "room.hidePeople" : "room.showPeople"), () => toggled("people"))}
      {entry(
        panel === "chat"
          ? t("room.hideChat")
          : unread > 0
            ? t("room.showChatUnread", { count: unread })
            : t("room.showChat"),
        () => toggled("chat"),
      )}
      {entry(t(layout === "grid" ? "room.toSpeaker" : "room.toGrid"), () =>
        setLayout(layout === "grid" ? "speaker" : "grid"),
      )}
      {entry(t("room.devices"), () => ask("devices"))}
      {self.role === "teacher" && <ForTeachers entry={entry} ask={ask} />}
      <p className={css.keys}>{t("room.keys")}</p>
    </div>
  );
}

interface ForTeachersProps {
  readonly entry: (words: string, act: () => void) => React.ReactNode;
  readonly ask: ControlsProps["ask"];
}

/** What a teacher alone can do with the whole room. */
function ForTeachers({ entry, ask }: ForTeachersProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { room } = useView();
  const isLocked = room?.locked ?? false;
  return (
    <>
      <hr />
      {entry(t("room.muteAll"), () => classroom.desk.mute(null))}
      {entry(t("room.lowerHands"), () => classroom.desk.lowerHand(null))}
      {entry(t(isLocked ? "room.unlock" : "room.lock"), () => classroom.desk.lock(!isLocked))}
      {entry(t("room.closeRoom"), () => ask("closeRoom"))}
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The arrows go from one control to the next, and through the menu once it is open. */
function byArrows(event: React.KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event;
  const buttons = [...currentTarget.querySelectorAll("button")];
  const at = buttons.findIndex((one) => one.isSameNode(target instanceof Node ? target : null));
  const step = STEPS[key];
  const to = key === "Home" ? 0 : key === "End" ? buttons.length - 1 : at + (step ?? 0);
  if (at < 0 || to === at) return;
  event.preventDefault();
  buttons.at(to % buttons.length)?.focus();
}
