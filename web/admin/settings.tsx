import { Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Setting, settings } from "../api/admin.ts";
import { Empty } from "../parts/empty.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import css from "./settings.module.css";

/** How the operator has set this server up, to read: settings are changed where it is started. */
export default function Settings() {
  const { t } = useTranslation();
  const query = useQuery(settings());
  return (
    <Loaded query={query}>
      {(all) => (
        <Page title={t("nav.sections.settings")} lead={t("settings.lead")}>
          <Found all={all} />
        </Page>
      )}
    </Loaded>
  );
}

function Found({ all }: { readonly all: readonly Setting[] }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isChangedOnly, showChangedOnly] = useState(false);
  const wanted = text.trim().toLowerCase();
  const found = all.filter(
    ({ name, about, isDefault }) =>
      !(isChangedOnly && isDefault) && `${name} ${about}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className={css.filters}>
        <TextInput
          type="search"
          label={t("settings.find")}
          leftSection={<Icon name="search" />}
          value={text}
          maxLength={200}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          className={css.grows}
        />
        <Switch
          size="md"
          label={t("settings.changedOnly")}
          checked={isChangedOnly}
          onChange={({ currentTarget }) => showChangedOnly(currentTarget.checked)}
          classNames={{ body: css.switch ?? "" }}
        />
      </div>
      {found.length === 0 ? (
        <Empty level={2} title={t("settings.none")}>
          {t("settings.noneNext")}
        </Empty>
      ) : (
        <dl className={css.settings}>
          {found.map((setting) => (
            <One key={setting.name} {...setting} />
          ))}
        </dl>
      )}
    </>
  );
}

function One({ name, value, secret, isDefault, about }: Setting) {
  const { t } = useTranslation();
  const shown = value === null ? t("settings.unset") : secret ? t("settings.hidden") : value;
  return (
    <div>
      <dt lang="en">{name}</dt>
      <dd>
        <p className={css.value} data-changed={!isDefault || undefined}>
          {shown}
          {!isDefault && <span className={css.mark}>{t("settings.changed")}</span>}
        </p>
        {/* The operator's words are those of the settings' reference, in English. */}
        <p className={css.about} lang="en">
          {about}
        </p>
      </dd>
    </div>
  );
}
