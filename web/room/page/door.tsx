import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmailInput } from "../../parts/email-input.tsx";
import { Form } from "../../parts/form.tsx";
import { Page } from "../../parts/page.tsx";
import { KIND_NAMES, type Kind } from "../call/devices.ts";
import { isTurnedOff, rememberTurned } from "../call/turned-off.ts";
import css from "./door.module.css";
import { type Visit, visit } from "./visit.ts";

const FIELDS = { email: "email", password: "password", classId: "text" } as const;
const EMAIL = "rollcall-classroom-email";

/** Who one is, which class, and with what one goes in: `Join` is the way into a room that is open. */
export function Door({ enter }: { readonly enter: (visited: Visit) => void }) {
  const { t } = useTranslation();
  const [email] = useState(() => sessionStorage.getItem(EMAIL) ?? "");
  const [given] = useState(() => new URLSearchParams(location.search).get("classId") ?? "");
  return (
    <Page title={t("room.page.title")} lead={t("room.page.lead")} narrow>
      <Form
        wants={FIELDS}
        send={async (typed) => {
          const visited = await visit(typed.email.trim(), typed.password, typed.classId.trim());
          remember(typed.email.trim(), visited.classId);
          enter(visited);
        }}
        label={t("room.page.join")}
      >
        {(faults) => (
          <>
            <EmailInput error={faults.email} given={email} />
            <TextInput
              name="password"
              type="password"
              label={t("sign.password")}
              autoComplete="current-password"
              error={faults.password}
            />
            <TextInput
              name="classId"
              label={t("room.page.classId")}
              defaultValue={given}
              autoComplete="off"
              spellCheck={false}
              error={faults.classId}
            />
            <fieldset className={css.on}>
              <legend>{t("room.page.goInWith")}</legend>
              {KIND_NAMES.map((kind) => (
                <With key={kind} kind={kind} />
              ))}
            </fieldset>
          </>
        )}
      </Form>
    </Page>
  );
}

/** What is on once one is in: there is no other question before the others see and hear. */
function With({ kind }: { readonly kind: Kind }) {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(() => !isTurnedOff(kind));
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => {
          setOn(currentTarget.checked);
          rememberTurned(kind, currentTarget.checked);
        }}
      />
      {t(`room.${kind}.name`)}
    </label>
  );
}

/** A reload in the middle of a call asks for the password alone. */
function remember(email: string, classId: string): void {
  sessionStorage.setItem(EMAIL, email);
  history.replaceState(history.state, "", `?${new URLSearchParams({ classId })}`);
}
