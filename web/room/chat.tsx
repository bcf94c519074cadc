import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimes } from "../parts/time.ts";
import css from "./panel.module.css";
import { useClassroom, useView } from "./use-room.ts";

/** What is written in the room, and where to write. */
export function Chat() {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { chat, room } = useView();
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || isSending) return;
    setSending(true);
    const isSaid = await classroom.say(text.trim());
    setSending(false);
    // What was written on meanwhile stays, as all does that nobody was told.
    if (isSaid) setText((now) => (now === text ? "" : now));
  };
  return (
    <>
      <h2>{t("room.chat")}</h2>
      <p className={css.note}>{t(room?.keepsChat ? "room.chatKept" : "room.chatGone")}</p>
      <Messages />
      {chat.length === 0 && <p className={css.note}>{t("room.chatEmpty")}</p>}
      <form className={css.write} onSubmit={(event) => void send(event)}>
        <TextInput
          aria-label={t("room.write")}
          placeholder={t("room.write")}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button type="submit" loading={isSending}>
          {t("room.send")}
        </Button>
      </form>
    </>
  );
}

function Messages() {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const { chat } = useView();
  const list = useRef<HTMLDivElement>(null);
  // The newest is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is scrolled for each message
  useEffect(() => {
    list.current?.scrollTo(0, list.current.scrollHeight);
  }, [chat]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard
    <div ref={list} className={css.messages} role="log" aria-label={t("room.chat")} tabIndex={0}>
      <ol>
        {chat.map(({ id, at, name, user, text }) => (
          <li key={id}>
            <span className={css.note}>
              <b>{name ?? user}</b> {clock(at)}
            </span>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
