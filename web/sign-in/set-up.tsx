import { Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { setUp, setUpState } from "../api/account.ts";
import { queries } from "../api/queries.ts";
import { Empty } from "../parts/empty.tsx";
import { Form } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { go, Link, pathOf } from "../router.tsx";
import { signIn } from "../session.ts";
import { PERSON, PersonFields } from "./person-fields.tsx";

const FIELDS = { ...PERSON, code: "text" } as const;

/** The first start: the printed code makes the first administrator and, if wished, a school to try. */
export default function SetUp() {
  const query = useQuery(setUpState());
  return (
    <Loaded query={query}>
      {({ open, empty }) => (open ? <SetUpForm empty={empty} /> : <AlreadyDone />)}
    </Loaded>
  );
}

function AlreadyDone() {
  const { t } = useTranslation();
  return (
    <Page title={t("setUp.title")} narrow>
      <Empty level={2} title={t("setUp.done")}>
        <Link href={pathOf("signIn")}>{t("sign.in")}</Link>
      </Empty>
    </Page>
  );
}

function SetUpForm({ empty }: { readonly empty: boolean }) {
  const { t } = useTranslation();
  const [demo, setDemo] = useState(false);
  const [code] = useState(() => decodeURIComponent(location.hash.slice(1)));
  return (
    <Page title={t("setUp.title")} lead={t("setUp.lead")} narrow>
      <Form
        wants={FIELDS}
        send={async (given) => {
          await setUp({ ...given, demo });
          queries.removeQueries(setUpState());
          await signIn(given.email, given.password);
          go(pathOf("home"), { replace: true });
        }}
        label={t("setUp.do")}
      >
        {(faults) => (
          <>
            <TextInput
              name="code"
              label={t("setUp.code")}
              description={t("setUp.codeHint")}
              defaultValue={code}
              autoComplete="one-time-code"
              maxLength={256}
              error={faults.code}
            />
            <PersonFields faults={faults} />
            {empty && (
              <Checkbox
                label={t("setUp.demo")}
                description={t("setUp.demoHint")}
                checked={demo}
                onChange={({ currentTarget }) => setDemo(currentTarget.checked)}
              />
            )}
          </>
        )}
      </Form>
    </Page>
  );
}
