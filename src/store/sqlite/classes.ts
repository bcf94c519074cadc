import type { Database } from "bun:sqlite";
import { type ClassSettings, settingsOf } from "../../core/class-settings.ts";
import type { ClassId, UserId } from "../../core/ids.ts";
import type { Class } from "../../core/people.ts";
import type { ClassStore } from "../../ports/store.ts";
import type { Transact } from "./transact.ts";

type Reads = "byId" | "ofTeacher" | "ofStudent" | "idsOf" | "page";
type ClassRow = Omit<Class, "studentIds" | "settings"> & { readonly settings: string | null };

const CLASS = `classes.id, classes.name, classes.teacher_id AS teacherId,
  classes.archived_at AS archivedAt, classes.settings FROM classes`;

/** Classes and their rolls in SQLite. */
export function sqliteClasses(db: Database, transact: Transact): ClassStore {
  return { ...reads(db), ...writes(db, transact) };
}

function reads(db: Database): Pick<ClassStore, Reads> {
  const one = db.prepare<ClassRow, [ClassId]>(`SELECT ${CLASS} WHERE id = ?1`);
  const taught = db.prepare<ClassRow, [UserId]>(
    `SELECT ${CLASS} WHERE teacher_id = ?1 AND archived_at IS NULL ORDER BY position`,
  );
  const attended = db.prepare<ClassRow, [UserId]>(
    `SELECT ${CLASS} JOIN enrolments ON class_id = id
     WHERE student_id = ?1 AND archived_at IS NULL ORDER BY classes.position`,
  );
  const roll = db.prepare<{ studentId: UserId }, [ClassId]>(
    "SELECT student_id AS studentId FROM enrolments WHERE class_id = ?1 ORDER BY position",
  );
  const ids = db.prepare<{ id: ClassId }, [UserId]>(
    `SELECT id FROM classes WHERE teacher_id = ?1 AND archived_at IS NULL
     UNION SELECT id FROM enrolments JOIN classes ON class_id = id WHERE student_id = ?1 AND archived_at IS NULL`,
  );
  const page = db.prepare<ClassRow, [ClassId | null, number]>(
    `SELECT ${CLASS} WHERE position > coalesce((SELECT position FROM classes WHERE id = ?1), 0)
     ORDER BY position LIMIT ?2`,
  );
  const withRoll = (row: ClassRow): Class => ({
    ...row,
    settings: settingsOf(row.settings === null ? null : JSON.parse(row.settings)),
    studentIds: roll.all(row.id).map(({ studentId }) => studentId),
  });
  return {
    async byId(id) {
      const row = one.get(id);
      return row && withRoll(row);
    },
    idsOf: async (user) => ids.all(user).map(({ id }) => id),
    page: async (after, limit) => page.all(after, limit).map(withRoll),
    ofTeacher: async (teacher) => taught.all(teacher).map(withRoll),
    ofStudent: async (student) => attended.all(student).map(withRoll),
  };
}

function writes(db: Database, transact: Transact): Omit<ClassStore, Reads> {
  const insert = db.prepare<unknown, [ClassId, string, UserId, number | null, string]>(
    "INSERT INTO classes (id, name, teacher_id, archived_at, settings) VALUES (?1, ?2, ?3, ?4, ?5)",
  );
  const enrol = db.prepare<unknown, [ClassId, UserId]>(
    "INSERT INTO enrolments (class_id, student_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
  );
  const withdraw = db.prepare<unknown, [ClassId, UserId]>(
    "DELETE FROM enrolments WHERE class_id = ?1 AND student_id = ?2",
  );
  const rename = db.prepare<unknown, [ClassId, string]>("UPDATE classes SET name = ?2 WHERE id = ?1");
  const configure = db.prepare<unknown, [ClassId, string]>("UPDATE classes SET settings = ?2 WHERE id = ?1");
  const handOver = db.prepare<unknown, [ClassId, UserId]>("UPDATE classes SET teacher_id = ?2 WHERE id = ?1");
  const archive = db.prepare<unknown, [ClassId, number]>("UPDATE classes SET archived_at = ?2 WHERE id = ?1");
  const enrolled = db.prepare<unknown, [ClassId, UserId]>(
    "SELECT 1 FROM enrolments WHERE class_id = ?1 AND student_id = ?2",
  );
  const size = db.prepare<{ n: number }, [ClassId]>(
    "SELECT count(*) AS n FROM enrolments WHERE class_id = ?1",
  );
  return {
    add: async (added) =>
      transact(() => {
        insert.run(added.id, added.name, added.teacherId, added.archivedAt, textOf(added.settings));
        for (const student of added.studentIds) enrol.run(added.id, student);
      }),
    addStudent: async (id, student, limit) =>
      transact(() => {
        if (enrolled.get(id, student)) return "ok";
        if ((size.get(id)?.n ?? 0) >= limit) return "full";
        enrol.run(id, student);
        return "ok";
      }),
    async rename(id, name) {
      rename.run(id, name);
    },
    async configure(id, settings) {
      configure.run(id, textOf(settings));
    },
    async handOver(id, teacher) {
      handOver.run(id, teacher);
    },
    async archive(id, at) {
      archive.run(id, at);
    },
    async removeStudent(id, student) {
      withdraw.run(id, student);
    },
  };
}

const textOf = (settings: ClassSettings): string => JSON.stringify(settings);
