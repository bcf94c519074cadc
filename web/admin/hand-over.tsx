import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { handOver, someUsersWith } from "../api/admin.ts";
import { Failure } from "../errors/failure.tsx";
import { Icon } from "../parts/icon.tsx";
import { Initials } from "../parts/initials.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { calledOf } from "../parts/person.ts";
import css from "./admin.module.css";

interface HandOverProps {
  readonly classId: string;
  /** Whose it is now. */
  readonly teacherId: string;
}

const PAUSE_MS = 200;

/** Finds another teacher, as one types, and hands the class over. */
export function HandOver({ classId, teacherId }: HandOverProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS);
  const { data, error } = useQuery(someUsersWith(asked));
  const handing = useMutation({
    mutationFn: (to: string) => handOver(classId, to),
    onSuccess: () => setText(""),
  });
  const teachers = data?.users.filter(({ _id, role }) => role === "teacher" && _id !== teacherId);
  return (
    <div className={css.stack}>
      <TextInput
        type="search"
        label={t("admin.newTeacher")}
        placeholder={t("class.findHint")}
        leftSection={<Icon name="search" />}
        value={text}
        maxLength={200}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Failure error={error ?? handing.error} />
      <p role="status">
        {handing.isSuccess && text === "" && t("admin.handedOver")}
        {asked !== "" && teachers?.length === 0 && t("admin.noTeacher")}
      </p>
      {asked !== "" && teachers && teachers.length > 0 && (
        <Rows items={teachers} keyOf={({ _id }) => _id}>
          {(teacher) => (
            <Row
              start={<Initials of={calledOf(teacher)} />}
              title={calledOf(teacher)}
              detail={teacher.email}
              end={
                <Button
                  variant="light"
                  loading={handing.isPending}
                  aria-label={t("admin.handOverTo", { name: calledOf(teacher) })}
                  onClick={() => handing.mutate(teacher._id)}
                >
                  {t("admin.handOverDo")}
                </Button>
              }
            />
          )}
        </Rows>
      )}
    </div>
  );
}
