import { useTranslation } from "react-i18next";
import type { StudentPresence } from "../api/presence.ts";
import { calledOf } from "../parts/person.ts";
import { StatusShape } from "../parts/status.tsx";
import { useMinutes } from "../parts/timeline.tsx";
import css from "./proposals.module.css";

type Status = "present" | "absent";

interface ProposalsProps {
  readonly students: readonly StudentPresence[];
  /** The mark that each has by hand; null where there is none. */
  readonly statusOf: (student: string) => Status | null;
  /** What each of the unmarked gets, and how that is changed; where the server sets it, nothing is. */
  readonly chosen: (student: string) => Status;
  readonly choose: ((student: string, status: Status) => void) | null;
}

/** Everyone's minutes in the room beside their mark or what the class's rule makes of them. */
export function Proposals({ students, statusOf, chosen, choose }: ProposalsProps) {
  const { t } = useTranslation();
  const minutes = useMinutes();
  return (
    <>
      <table className={css.proposals}>
        <thead>
          <tr>
            <th scope="col">{t("rule.student")}</th>
            <th scope="col">{t("rule.inRoom")}</th>
            <th scope="col">{t("rule.mark")}</th>
          </tr>
        </thead>
        <tbody>
          {students.slice(0, NAMED).map((one) => {
            const byHand = statusOf(one._id);
            const name = calledOf(one);
            return (
              <tr key={one._id}>
                <th scope="row">{name}</th>
                <td>{minutes(one.inRoomMs)}</td>
                <td>
                  {byHand === null && choose ? (
                    <select
                      aria-label={t("rule.markOf", { name })}
                      value={chosen(one._id)}
                      onChange={({ currentTarget }) =>
                        choose(one._id, currentTarget.value === "present" ? "present" : "absent")
                      }
                    >
                      <option value="present">{t("status.present")}</option>
                      <option value="absent">{t("status.absent")}</option>
                    </select>
                  ) : (
                    <Mark status={byHand ?? chosen(one._id)} byHand={byHand !== null} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {students.length > NAMED && <p>{t("roll.more", { count: students.length - NAMED })}</p>}
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

const NAMED = 200;
