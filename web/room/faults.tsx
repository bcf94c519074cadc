import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { KIND_NAMES, type Kind } from "./call/devices.ts";
import css from "./faults.module.css";
import { useClassroom, useLocal } from "./use-room.ts";

interface FaultsProps {
  /** There are more important things than this: it can be put aside. */
  readonly canPutAside?: boolean;
}

/** What does not work of one's own devices, why, and what can be done about it. */
export function Faults({ canPutAside = false }: FaultsProps) {
  const { t } = useTranslation();
  const { local } = useClassroom();
  const { lanes } = useLocal();
  const { screen } = lanes;
  const aside = (lane: Kind | "screen") => (
    <Button variant="default" onClick={() => local.putAside(lane)}>
      {t("room.gotIt")}
    </Button>
  );
  return (
    <div role="status" className={css.faults}>
      {KIND_NAMES.map((kind) => {
        const its = lanes[kind];
        if (its.state !== "failed") return <Instead key={kind} kind={kind} />;
        return (
          <Fault key={kind} words={t(`room.${kind}.${its.fault}`)} way={t(`room.way.${its.fault}`)}>
            <Button variant="default" onClick={() => void local.turn(kind, true)}>
              {t(`room.${kind}.tryAgain`)}
            </Button>
            {canPutAside && aside(kind)}
          </Fault>
        );
      })}
      {screen.state === "failed" && (
        <Fault words={t(`room.screen.${screen.fault}`)} way={t(`room.screen.way.${screen.fault}`)}>
          {screen.fault !== "missing" && (
            <Button variant="default" onClick={() => void local.share()}>
              {t("room.screen.tryAgain")}
            </Button>
          )}
          {aside("screen")}
        </Fault>
      )}
    </div>
  );
}

/** It goes on, but not by what the person wanted. */
function Instead({ kind }: { readonly kind: Kind }) {
  const { t } = useTranslation();
  const { local } = useClassroom();
  const { instead, tracks } = useLocal();
  const fault = instead[kind];
  if (!fault) return null;
  const device = tracks[kind]?.label || t(`room.${kind}.name`);
  return (
    <Fault words={t(`room.${kind}.${fault}`)} way={t("room.way.goesOn", { device })}>
      <Button variant="default" onClick={() => local.putAside(kind)}>
        {t("room.gotIt")}
      </Button>
    </Fault>
  );
}

interface FaultProps {
  readonly words: string;
  readonly way: string;
  readonly children: ReactNode;
}

const Fault = ({ words, way, children }: FaultProps) => (
  <div className={css.fault}>
    <Icon name="alert-triangle" />
    <div>
      <b>{words}</b>
      <p>{way}</p>
    </div>
    <div className={css.ways}>{children}</div>
  </div>
);
