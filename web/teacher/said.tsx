import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { chatCsvPath, type Message, saidIn } from "../api/chat.ts";
import { download } from "../api/download.ts";
import { Failure } from "../errors/failure.tsx";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { useTimes } from "../parts/time.ts";
import css from "./said.module.css";

interface OfSession {
  readonly sessionId: string;
}

/** What was written in the session's room, where the class kept it; nothing where nothing was. */
export function Said({ sessionId }: OfSession) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(saidIn(sessionId, "teacher"));
  const saving = useMutation({ mutationFn: () => download(chatCsvPath(sessionId)) });
  const messages = query.data?.pages.flatMap((page) => page.messages) ?? [];
  if (messages.length === 0) return <Failure error={query.error} />;
  return (
    <Section
      title={t("said.title")}
      actions={
        <Button
          variant="default"
          leftSection={<Icon name="download" />}
          loading={saving.isPending}
          onClick={() => saving.mutate()}
        >
          {t("said.csv")}
        </Button>
      }
    >
      <Failure error={saving.error} />
      <Messages messages={messages} />
      <More query={query} />
    </Section>
  );
}

/** The same for administrators, who say first that they want to read it: that they did is noted. */
export function SaidToAdmins({ sessionId }: OfSession) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const query = useInfiniteQuery({ ...saidIn(sessionId, "admin"), enabled: wanted });
  const messages = query.data?.pages.flatMap((page) => page.messages) ?? [];
  return (
    <Section title={t("said.title")}>
      {!query.isSuccess && (
        <>
          <p className={css.note}>{t("said.noted")}</p>
          <div>
            <Button variant="default" loading={query.isFetching} onClick={() => setWanted(true)}>
              {t("said.show")}
            </Button>
          </div>
        </>
      )}
      <Failure error={query.error} />
      {query.isSuccess && messages.length === 0 && <p className={css.note}>{t("said.none")}</p>}
      {messages.length > 0 && <Messages messages={messages} />}
      <More query={query} />
    </Section>
  );
}

function Messages({ messages }: { readonly messages: readonly Message[] }) {
  const { clock } = useTimes();
  return (
    <ol className={css.messages}>
      {messages.map(({ id, at, user, text }) => (
        <li key={id}>
          <span className={css.note}>
            <b>{user.name ?? user._id}</b> <time dateTime={at}>{clock(Date.parse(at))}</time>
          </span>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}
