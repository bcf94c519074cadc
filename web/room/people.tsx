import { useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./panel.module.css";
import type { Person } from "./person.ts";
import type { RoomClass } from "./room.tsx";
import { RoomIcon } from "./room-icon.tsx";
import { useClassroom, useView } from "./use-room.ts";
import { useTimes } from "./use-times.ts";

/** Who is in the room; for the teacher also who of the roll is not, and whom she has removed. */
export function People({ its }: { readonly its: RoomClass }) {
  const { t } = useTranslation();
  const { others, self, room } = useView();
  const isTeacher = self.role === "teacher";
  const times = useTimes(its);
  const here = new Set([self.user, ...others.map(({ user }) => user)]);
  const removed = room?.removed ?? [];
  const absent = its.students.filter(({ id }) => !here.has(id) && !removed.some(({ user }) => user === id));
  // Hands first, by no more than that: a list that jumps with every word is none.
  const people = [...others, self].toSorted((a, b) => Number(b.hand) - Number(a.hand));
  return (
    <>
      <h2>{t("room.inRoom", { count: people.length })}</h2>
      <ul className={css.rows}>
        {people.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            isTeacher={isTeacher}
            time={times.get(person.user) ?? ""}
          />
        ))}
      </ul>
      {isTeacher && <Removed removed={removed} />}
      {isTeacher && (
        <>
          <h2>{t("room.notHere", { count: absent.length })}</h2>
          {absent.length === 0 && <p className={css.note}>{t("room.allHere")}</p>}
          <Absent absent={absent} times={times} isLocked={room?.locked ?? false} />
        </>
      )}
    </>
  );
}

interface AbsentProps {
  readonly absent: RoomClass["students"];
  readonly isLocked: boolean;
  readonly times: ReadonlyMap<string, string>;
}

/** Who of the roll is not there; into a locked room the teacher lets each by name. */
function Absent({ absent, isLocked, times }: AbsentProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const [allowed, setAllowed] = useState<ReadonlySet<string>>(new Set());
  // A door that was opened since has forgotten them.
  if (!isLocked && allowed.size > 0) setAllowed(new Set());
  const letIn = (id: string) => {
    classroom.desk.letIn(id);
    setAllowed(new Set([...allowed, id]));
  };
  return (
    <ul className={css.rows}>
      {absent.map(({ id, name }) => (
        <li key={id}>
          <span className={css.who}>
            {name}
            {times.get(id) && <span className={css.note}>{times.get(id)}</span>}
            {allowed.has(id) && <span className={css.note}>{t("room.mayComeIn")}</span>}
          </span>
          {isLocked && !allowed.has(id) && (
            <button
              type="button"
              className={css.words}
              aria-label={t("room.letInOf", { name })}
              onClick={() => letIn(id)}
            >
              {t("room.letInNow")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface PersonRowProps {
  readonly person: Person;
  readonly isTeacher: boolean;
  /** How long they are there, in words; empty where that is not told. */
  readonly time: string;
}

function PersonRow({ person, isTeacher, time }: PersonRowProps) {
  const { t } = useTranslation();
  const name = person.isSelf ? t("room.you", { name: person.name }) : person.name;
  const notes = [
    person.role === "teacher" ? t("room.teacher") : "",
    person.hand ? t("room.handUp") : "",
    person.isMicOn ? "" : t("room.micOff"),
    person.quality ? t(`room.quality.${person.quality}`) : "",
  ].filter((note) => note !== "");
  return (
    <li>
      <span className={css.who}>
        {name}
        <span className={css.note}>{notes.join(" · ")}</span>
        {time && <span className={css.note}>{time}</span>}
      </span>
      {isTeacher && !person.isSelf && <PersonActions person={person} />}
    </li>
  );
}

function PersonActions({ person: { id, user, name, role, isMicOn, hand } }: { readonly person: Person }) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  return (
    <span className={css.acts}>
      {hand && (
        <Act
          icon="hand-stop"
          label={t("room.lowerHandOf", { name })}
          onClick={() => classroom.desk.lowerHand(id)}
        />
      )}
      {isMicOn ? (
        <Act
          icon="microphone-off"
          label={t("room.muteOf", { name })}
          onClick={() => classroom.desk.mute(id)}
        />
      ) : (
        <Act
          icon="microphone"
          label={t("room.askUnmuteOf", { name })}
          onClick={() => classroom.desk.askUnmute(id)}
        />
      )}
      {role === "student" && (
        <Act
          icon="user-minus"
          label={t("room.removeOf", { name })}
          onClick={() => classroom.desk.remove(user)}
        />
      )}
    </span>
  );
}

interface ActProps {
  readonly icon: "hand-stop" | "microphone" | "microphone-off" | "user-minus";
  readonly label: string;
  readonly onClick: () => void;
}

const Act = ({ icon, label, onClick }: ActProps) => (
  <button type="button" className={css.act} aria-label={label} title={label} onClick={onClick}>
    <RoomIcon name={icon} size={20} />
  </button>
);

interface RemovedProps {
  readonly removed: readonly { readonly user: string; readonly name: string | null }[];
}

function Removed({ removed }: RemovedProps) {
  const { t } = useTranslation();
  const classroom = useClassroom();
  if (removed.length === 0) return null;
  return (
    <>
      <h2>{t("room.removedTitle")}</h2>
      <ul className={css.rows}>
        {removed.map(({ user, name }) => (
          <li key={user}>
            <span className={css.who}>{name ?? user}</span>
            <button type="button" className={css.words} onClick={() => classroom.desk.letIn(user)}>
              {t("room.letIn")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
