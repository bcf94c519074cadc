import { Button, Checkbox, NativeSelect, NumberInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClassWithStudents } from "../api/classes.ts";
import { type PresenceRule as Rule, settleRoom } from "../api/presence.ts";
import { Failure } from "../errors/failure.tsx";
import css from "./teacher.module.css";

interface RoomSettingsProps {
  readonly its: ClassWithStudents;
  readonly close: () => void;
}

const KINDS = ["none", "share", "minutes"] as const;
const MOST = { share: 100, minutes: 1440 } as const;

/** What time in the video room means for the marks of the class, and whether what is written there is kept. */
export function RoomSettings({ its, close }: RoomSettingsProps) {
  const { t } = useTranslation();
  const { presence } = its;
  const [kind, setKind] = useState<"none" | Rule["kind"]>(presence?.kind ?? "none");
  const [apply, setApply] = useState<Rule["apply"]>(presence?.apply ?? "propose");
  const [measures, setMeasures] = useState({
    share: presence?.kind === "share" ? presence.percent : 75,
    minutes: presence?.kind === "minutes" ? presence.minutes : 30,
  });
  const [keepsChat, setKeepsChat] = useState(its.keepsChat ?? false);
  const rule = (): Rule | null => {
    if (kind === "none") return null;
    return kind === "share"
      ? { kind, percent: measures.share, apply }
      : { kind, minutes: measures.minutes, apply };
  };
  const settling = useMutation({
    mutationFn: () => settleRoom(its._id, { presence: rule(), keepsChat }),
    onSuccess: close,
  });
  return (
    <form
      className={css.panel}
      onSubmit={(event) => {
        event.preventDefault();
        settling.mutate();
      }}
    >
      <NativeSelect
        label={t("rule.legend")}
        value={kind}
        onChange={({ currentTarget }) => setKind(KINDS.find((one) => one === currentTarget.value) ?? "none")}
        data={KINDS.map((value) => ({ value, label: t(`rule.${value}`) }))}
      />
      {kind !== "none" && (
        <>
          <NumberInput
            label={t(`rule.${kind}Label`)}
            value={measures[kind]}
            min={1}
            max={MOST[kind]}
            clampBehavior="strict"
            allowDecimal={false}
            onChange={(value) => setMeasures({ ...measures, [kind]: Math.max(1, Number(value) || 1) })}
          />
          <NativeSelect
            label={t("rule.applyLegend")}
            value={apply}
            onChange={({ currentTarget }) => setApply(currentTarget.value === "set" ? "set" : "propose")}
            data={(["propose", "set"] as const).map((value) => ({ value, label: t(`rule.${value}`) }))}
          />
        </>
      )}
      <Checkbox
        label={t("rule.keepsChat")}
        description={t("rule.keepsChatHint")}
        checked={keepsChat}
        onChange={({ currentTarget }) => setKeepsChat(currentTarget.checked)}
      />
      <Failure error={settling.error} />
      <div className={css.buttons}>
        <Button type="submit" loading={settling.isPending}>
          {t("rule.save")}
        </Button>
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
