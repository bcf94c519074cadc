import { ActionIcon, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { addStudent, type ClassWithStudents, type Person, removeStudent } from "../api/classes.ts";
import { Failure } from "../errors/failure.tsx";
import { Empty } from "../parts/empty.tsx";
import { Icon } from "../parts/icon.tsx";
import { Initials } from "../parts/initials.tsx";
import { Row } from "../parts/list.tsx";
import { calledOf } from "../parts/person.ts";
import { VirtualRows } from "../parts/virtual-rows.tsx";
import css from "./teacher.module.css";

/** The students of the class; who is taken off can be put back. */
export function Roll({ its }: { readonly its: ClassWithStudents }) {
  const { t } = useTranslation();
  const removing = useMutation({
    mutationFn: async (person: Person) => {
      await removeStudent(its._id, person._id);
      return person;
    },
  });
  const restoring = useMutation({
    mutationFn: (person: Person) => addStudent(its._id, person._id),
    onSuccess: () => removing.reset(),
  });
  const removed = removing.data;
  return (
    <>
      <div role="status">
        {removed && (
          <p className={css.undo}>
            <span>{t("class.removed", { name: calledOf(removed) })}</span>
            <Button variant="default" loading={restoring.isPending} onClick={() => restoring.mutate(removed)}>
              {t("undo")}
            </Button>
          </p>
        )}
      </div>
      <Failure error={removing.error ?? restoring.error} />
      {its.students.length === 0 ? (
        <Empty title={t("class.noStudents")}>{t("class.noStudentsNext")}</Empty>
      ) : (
        <VirtualRows items={its.students} keyOf={({ _id }) => _id}>
          {(person) => (
            <Row
              start={<Initials of={calledOf(person)} />}
              title={calledOf(person)}
              detail={person.email}
              end={
                <ActionIcon
                  color="gray"
                  aria-label={t("class.removeNamed", { name: calledOf(person) })}
                  onClick={() => removing.mutate(person)}
                >
                  <Icon name="x" />
                </ActionIcon>
              }
            />
          )}
        </VirtualRows>
      )}
    </>
  );
}
