import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { RemoveDialog } from "./dialogs.tsx";
import css from "./panel.module.css";
import { headsOf, type Person, pageOf } from "./person.ts";
import type { RoomClass } from "./room.tsx";
import { useClassroom, useView } from "./use-room.ts";
import { useTimeOfEach } from "./use-time-of-each.ts";

/** Who is in the room; for the teacher also who of the roll is not, and whom she has removed. */
export function People({ its }: { readonly its: RoomClass }) {
  const { t } = useTranslation();
  const { others, self, room } = useView();
  const isTeacher = self.role === "teacher";
  const times = useTimeOfEach(its);
  const here = new Set([self.user, ...others.map(({ user }) => user)]);
  const removed = room?.removed ?? [];
  const absent = its.students.filter(({ id }) => !here.has(id) && !removed.some(({ user }) => user === id));
  // Hands first, by no more than that: a list that jumps with every word is none.
  const people = [...others, self].toSorted((a, b) => Number(b.hand) - Number(a.hand));
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, ask] = useState<Person | null>(null);
  const asideFrom = (isRemoved: boolean) => {
    ask(null);
    // The button that asked goes with its row.
    if (isRemoved) requestAnimationFrame(() => heading.current?.focus());
  };
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t("room.inRoom", { count: headsOf(people) })}
      </h2>
      <ul className={css.rows}>
        {people.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            page={pageOf(person, [...others, self])}
            remove={isTeacher ? () => ask(person) : null}
            time={times.get(person.user) ?? ""}
          />
        ))}
      </ul>
      {asked && <RemoveDialog person={asked} onClose={asideFrom} />}
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
  /** Which of their pages, where they have several. */
  readonly page: number | null;
  /** Asks whether to remove them; null for whoever may do nothing to others. */
  readonly remove: (() => void) | null;
  /** How long they are there, in words; empty where that is not told. */
  readonly time: string;
}

function PersonRow({ person, page, remove, time }: PersonRowProps) {
  const { t } = useTranslation();
  const name = person.isSelf ? t("room.you", { name: person.name }) : person.name;
  const notes = [
    page === null ? "" : t("room.page2", { number: page }),
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
      {remove && !person.isSelf && <PersonActions person={person} remove={remove} />}
    </li>
  );
}

interface PersonActionsProps {
  readonly person: Person;
  readonly remove: () => void;
}

/** By words: a crossed microphone says elsewhere how somebody is, not what a press does. */
function PersonActions({ person: { id, name, role, isMicOn, hand }, remove }: PersonActionsProps) {
  const { t } = useTranslation();
  const { desk } = useClassroom();
  const act = (words: string, label: string, onClick: () => void) => (
    <button type="button" className={css.words} aria-label={label} onClick={onClick}>
      {words}
    </button>
  );
  return (
    <span className={css.acts}>
      {hand && act(t("room.lowerOne"), t("room.lowerHandOf", { name }), () => desk.lowerHand(id))}
      {isMicOn
        ? act(t("room.mute"), t("room.muteOf", { name }), () => desk.mute(id))
        : act(t("room.askUnmute"), t("room.askUnmuteOf", { name }), () => desk.askUnmute(id))}
      {role === "student" && act(t("room.remove"), t("room.removeOf", { name }), remove)}
    </span>
  );
}

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
