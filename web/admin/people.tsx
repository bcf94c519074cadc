import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usersWith } from "../api/admin.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { Icon } from "../parts/icon.tsx";
import { Rows, Section } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import type { ScreenProps } from "../screens.ts";
import { Invite } from "./invite.tsx";
import { UserRow } from "./user-row.tsx";

const PAUSE_MS = 200;

/** Everyone who has an account: their roles, who may come in, links for new passwords, invitations for teachers. */
export default function People({ me }: ScreenProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS);
  const query = useInfiniteQuery(usersWith(asked));
  if (query.isError) return <ErrorPage error={query.error} again={() => void query.refetch()} />;
  const users = query.data?.pages.flatMap((page) => page.users);
  return (
    <Page title={t("nav.sections.people")}>
      <Section title={t("admin.inviteTitle")}>
        <Invite />
      </Section>
      <Section title={t("admin.users")}>
        <TextInput
          type="search"
          label={t("admin.find")}
          placeholder={t("class.findHint")}
          leftSection={<Icon name="search" />}
          value={text}
          maxLength={200}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        {!users && <RowsSkeleton />}
        {users?.length === 0 && <Empty title={t("admin.nobody")}>{t("admin.nobodyNext")}</Empty>}
        {users && users.length > 0 && (
          <Rows items={users} keyOf={({ _id }) => _id}>
            {(user) => <UserRow user={user} isMe={user._id === me._id} />}
          </Rows>
        )}
        <More query={query} />
      </Section>
    </Page>
  );
}
