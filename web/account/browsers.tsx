import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Browser, myBrowsers, signOutBrowser, signOutEverywhere } from "../api/account.ts";
import { Failure } from "../errors/failure.tsx";
import { Icon } from "../parts/icon.tsx";
import { Row, Rows, Section } from "../parts/list.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import { useTimes } from "../parts/time.ts";

/** Where one is signed in, with a way to end each, and all. */
export function Browsers() {
  const { t } = useTranslation();
  const { data, error } = useQuery(myBrowsers());
  const ending = useMutation({ mutationFn: signOutBrowser });
  const everywhere = useMutation({ mutationFn: signOutEverywhere });
  return (
    <Section
      title={t("account.sessions")}
      actions={
        <Button variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {t("account.everywhere")}
        </Button>
      }
    >
      <Failure error={error ?? ending.error ?? everywhere.error} />
      {data ? (
        <Rows items={data} keyOf={({ _id }) => _id}>
          {(browser) => <BrowserRow browser={browser} end={() => ending.mutate(browser)} />}
        </Rows>
      ) : (
        !error && <RowsSkeleton rows={1} />
      )}
    </Section>
  );
}

function BrowserRow({ browser, end }: { readonly browser: Browser; readonly end: () => void }) {
  const { t } = useTranslation();
  const { moment } = useTimes();
  const { device, usedAt, current } = browser;
  return (
    <Row
      start={<Icon name="device-laptop" />}
      title={device}
      detail={current ? t("account.thisOne") : t("account.used", { when: moment(Date.parse(usedAt)) })}
      end={
        current ? null : (
          <Button variant="subtle" aria-label={t("account.endNamed", { device })} onClick={end}>
            {t("sign.out")}
          </Button>
        )
      }
    />
  );
}
