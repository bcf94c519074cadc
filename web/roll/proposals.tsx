import { Checkbox } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StudentPresence } from "../api/presence.ts";
import { StatusShape } from "../parts/status.tsx";
import { useLength } from "../parts/timeline.tsx";
import { NameSearch } from "./name-search.tsx";
import css from "./proposals.module.css";
import { pupilsOf, shownOf } from "./pupils.ts";
import { useTableRows } from "./use-table-rows.tsx";

type Status = "present" | "absent";

interface Choosing {
  /** The mark that each has by hand; null where there is none. */
  readonly statusOf: (student: string) => Status | null;
  /** What each of the unmarked gets, and how that is changed; where the server sets it, nothing is. */
  readonly chosen: (student: string) => Status;
  readonly choose: ((student: string, status: Status) => void) | null;
}

interface ProposalsProps extends Choosing {
  readonly students: readonly StudentPresence[];
}

/** So many are seen without a search. */
const FEW = 20;
const NOBODY: ReadonlySet<string> = new Set();

/** Everyone's minutes in the room beside their mark or what the class's rule makes of them; they may be thousands. */
export function Proposals({ students, ...choosing }: ProposalsProps) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState("");
  const [openOnly, setOpenOnly] = useState(false);
  const byId = useMemo(() => new Map(students.map((one) => [`${one._id}`, one])), [students]);
  const pupils = useMemo(
    () => pupilsOf(byId.keys(), students, i18n.language),
    [byId, students, i18n.language],
  );
  const { statusOf, chosen } = choosing;
  const shown = shownOf(pupils, text, openOnly ? "unmarked" : "all", statusOf, NOBODY);
  const present = pupils.filter(({ id }) => (statusOf(id) ?? chosen(id)) === "present").length;
  const { table, rows } = useTableRows(shown, ({ id, name }) => {
    const its = byId.get(id);
    return its && <Cells of={its} name={name} {...choosing} />;
  });
  return (
    <>
      <p>{t("rule.becomes", { present, absent: pupils.length - present })}</p>
      {pupils.length > FEW && (
        <div className={css.tools}>
          <NameSearch text={text} setText={setText} />
          <Checkbox
            label={t("rule.openOnly")}
            checked={openOnly}
            onChange={({ currentTarget }) => setOpenOnly(currentTarget.checked)}
          />
        </div>
      )}
      <table ref={table} className={css.proposals} aria-rowcount={shown.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t("rule.student")}</th>
            <th scope="col">{t("rule.inRoom")}</th>
            <th scope="col">{t("rule.mark")}</th>
          </tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
      {shown.length === 0 && <p>{t("roll.noneShown")}</p>}
    </>
  );
}

interface CellsProps extends Choosing {
  readonly of: StudentPresence;
  readonly name: string;
}

function Cells({ of: { _id: id, inRoomMs }, name, statusOf, chosen, choose }: CellsProps) {
  const { t } = useTranslation();
  const length = useLength();
  const byHand = statusOf(id);
  return (
    <>
      <th scope="row">{name}</th>
      <td>{length(inRoomMs)}</td>
      <td>
        {byHand === null && choose ? (
          <select
            aria-label={t("rule.markOf", { name })}
            value={chosen(id)}
            onChange={({ currentTarget }) =>
              choose(id, currentTarget.value === "present" ? "present" : "absent")
            }
          >
            <option value="present">{t("status.present")}</option>
            <option value="absent">{t("status.absent")}</option>
          </select>
        ) : (
          <Mark status={byHand ?? chosen(id)} byHand={byHand !== null} />
        )}
      </td>
    </>
  );
}

function Mark({ status, byHand }: { readonly status: Status; readonly byHand: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={css.mark}>
      <StatusShape status={status} />
      {t(byHand ? "rule.byHand" : "rule.byRule", { status: t(`status.${status}`) })}
    </span>
  );
}
