import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addStudent, type ClassWithStudents, type Person, studentsWith } from "../api/classes.ts";
import { Failure } from "../errors/failure.tsx";
import { Icon } from "../parts/icon.tsx";
import { Initials } from "../parts/initials.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { calledOf } from "../parts/person.ts";
import css from "./teacher.module.css";

const PAUSE_MS = 200;

/** Finds students by a part of their name or email, as one types, and puts them on the roll. */
export function AddStudents({ its }: { readonly its: ClassWithStudents }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS);
  const { data: found, error } = useQuery(studentsWith(asked));
  const onRoll = new Set<string>(its.studentIds);
  return (
    <div className={css.search}>
      <TextInput
        type="search"
        label={t("class.find")}
        placeholder={t("class.findHint")}
        leftSection={<Icon name="search" />}
        value={text}
        maxLength={200}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Failure error={error} />
      {asked !== "" && found && (
        <div className={css.found}>
          <p role="status">
            {found.length === 0 ? t("class.foundNone") : t("class.found", { count: found.length })}
          </p>
          {found.length > 0 && (
            <Rows items={found} keyOf={({ _id }) => _id}>
              {(person) => <Found person={person} classId={its._id} isOn={onRoll.has(person._id)} />}
            </Rows>
          )}
        </div>
      )}
    </div>
  );
}

interface FoundProps {
  readonly person: Person;
  readonly classId: string;
  readonly isOn: boolean;
}

function Found({ person, classId, isOn }: FoundProps) {
  const { t } = useTranslation();
  const adding = useMutation({ mutationFn: () => addStudent(classId, person._id) });
  const name = calledOf(person);
  return (
    <>
      <Row
        start={<Initials of={name} />}
        title={name}
        detail={person.email}
        end={
          isOn ? (
            <span className={css.quiet}>{t("class.onRoll")}</span>
          ) : (
            <Button
              variant="light"
              loading={adding.isPending}
              aria-label={t("class.addNamed", { name })}
              onClick={() => adding.mutate()}
            >
              {t("class.add")}
            </Button>
          )
        }
      />
      <Failure error={adding.error} />
    </>
  );
}
