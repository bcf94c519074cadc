import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useConnection } from "../live/live.tsx";
import { Icon } from "../parts/icon.tsx";
import css from "./bars.module.css";
import type { Desk } from "./desk.ts";
import type { Standing } from "./roll.tsx";
import type { Done } from "./undos.ts";

interface FootProps {
  readonly desk: Desk;
  readonly nameOf: (student: string) => string | null;
  readonly setStanding: (standing: Standing) => void;
}

/** What was done last and how it stands, and on a phone the actions at the thumb. */
export function Foot({ desk, nameOf, setStanding }: FootProps) {
  const { t } = useTranslation();
  return (
    <div className={css.foot}>
      <Last desk={desk} nameOf={nameOf} />
      <div className={css.thumb}>
        <Button variant="default" onClick={() => desk.markMany("all", "present")}>
          {t("roll.allPresent")}
        </Button>
        <Button variant="default" onClick={() => desk.markMany("rest", "absent")}>
          {t("roll.restAbsent")}
        </Button>
        <Button onClick={() => setStanding("end")}>{t("roll.end")}</Button>
      </div>
    </div>
  );
}

function Last({ desk, nameOf }: Pick<FootProps, "desk" | "nameOf">) {
  const { t } = useTranslation();
  const last = useSyncExternalStore(desk.subscribe, desk.last);
  const { state, waiting } = useConnection();
  const isCut = state !== "live" && waiting > 0;
  if (!last && !isCut) return null;
  return (
    <div className={css.last} data-state={isCut ? "cut" : (last?.state ?? "saved")}>
      <Icon name={isCut ? "wifi-off" : last?.state === "saved" ? "check" : "clock"} />
      <p className={css.grows}>
        {last && <Sentence what={last.what} nameOf={nameOf} />}{" "}
        <span className={css.how}>
          {isCut ? t("roll.kept", { count: waiting }) : t(`roll.did.${last?.state ?? "saved"}`)}
        </span>
      </p>
      {last && last.state !== "undoing" && (
        <Button variant="default" onClick={() => desk.undo()}>
          {t("roll.undo")}
          <kbd className={css.key}>U</kbd>
        </Button>
      )}
    </div>
  );
}

function Sentence({ what, nameOf }: { readonly what: Done["what"]; readonly nameOf: FootProps["nameOf"] }) {
  const { t } = useTranslation();
  if (what.kind === "many") return t(what.whom === "all" ? "roll.didAll" : "roll.didRest");
  const status = t(`status.${what.status}`);
  return t("roll.didOne", { name: nameOf(what.student) ?? "…", status });
}
