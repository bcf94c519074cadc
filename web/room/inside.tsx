import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Announcements } from "./announcements.tsx";
import { Chat } from "./chat.tsx";
import { Controls, type Panel } from "./controls.tsx";
import { CloseDialog, DevicesDialog } from "./dialogs.tsx";
import css from "./inside.module.css";
import { Notices } from "./notices.tsx";
import panelCss from "./panel.module.css";
import { People } from "./people.tsx";
import { headsOf } from "./person.ts";
import type { RoomClass } from "./room.tsx";
import { type Layout, Stage } from "./stage.tsx";
import { useView } from "./use-room.ts";
import { useRoomKeys } from "./use-room-keys.ts";

/** From this width there is a place beside the stage. */
const WIDE = "(min-width: 64rem)";

/** In the room: people first, the controls at the bottom. */
export function Inside({ its }: { readonly its: RoomClass }) {
  const { t } = useTranslation();
  const { self, chat } = useView();
  const [panel, setPanel] = useState<Panel>(
    self.role === "teacher" && matchMedia(WIDE).matches ? "people" : null,
  );
  const [layout, setLayout] = useState<Layout>("grid");
  const [asked, ask] = useState<"devices" | "closeRoom" | null>(null);
  const unread = useUnread(chat.length, panel === "chat");
  useRoomKeys();
  return (
    <section
      className={css.room}
      aria-label={t("room.of", { name: its.name })}
      data-panel={panel ?? undefined}
      data-in-room
    >
      <Head name={its.name} />
      <Announcements />
      <Notices />
      <Stage layout={layout} />
      {panel && (
        <aside className={panelCss.panel} aria-label={t(panel === "people" ? "room.people" : "room.chat")}>
          <button
            type="button"
            className={`${panelCss.act} ${panelCss.close}`}
            onClick={() => setPanel(null)}
          >
            <Icon name="x" />
            <span className={css.hidden}>{t("room.closePanel")}</span>
          </button>
          {panel === "people" ? <People its={its} /> : <Chat />}
        </aside>
      )}
      <Controls {...{ panel, setPanel, layout, setLayout, ask, unread }} />
      {asked === "devices" && <DevicesDialog onClose={() => ask(null)} />}
      {asked === "closeRoom" && <CloseDialog onClose={() => ask(null)} />}
    </section>
  );
}

/** The class, how many are here, and how one's own connection is: told before the others notice it. */
function Head({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const { own, others, self, room } = useView();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Who has read their way down the entrance sees the whole of the room.
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${name} · ${t("product")}`;
  }, [name, t]);
  return (
    <header className={css.head}>
      <h1 ref={heading} tabIndex={-1}>
        {name}
      </h1>
      <p className={css.count}>{t("room.count", { count: headsOf([...others, self]) })}</p>
      {room?.locked && <p className={css.count}>{t("room.locked")}</p>}
      <p className={css.own} data-own={own ?? undefined} role="status">
        <span className={css.dot} aria-hidden="true" />
        {t(`room.own.${own ?? "none"}`)}
      </p>
    </header>
  );
}

/** How many messages came since the chat was last in sight. */
function useUnread(count: number, isShown: boolean): number {
  const [seen, setSeen] = useState(count);
  if (isShown && seen !== count) setSeen(count);
  // What was kept no more, or another room's.
  if (seen > count) setSeen(count);
  return isShown ? 0 : Math.max(0, count - seen);
}
