import type { ClassId } from "../../core/ids.ts";
import type { Class } from "../../core/people.ts";
import type { ClassStore } from "../../ports/store.ts";
import { pageAfter } from "./page.ts";

/** Classes in a map, which keeps them in the order of their making. */
export function memoryClasses(): ClassStore {
  const classes = new Map<ClassId, Class>();
  const unarchived = () => [...classes.values()].filter((one) => one.archivedAt === null);
  return {
    async add(added) {
      if (classes.has(added.id)) throw new Error(`class ${added.id} is already there`);
      classes.set(added.id, added);
    },
    byId: async (id) => classes.get(id) ?? null,
    ofTeacher: async (teacher) => unarchived().filter((one) => one.teacherId === teacher),
    ofStudent: async (student) => unarchived().filter((one) => one.studentIds.includes(student)),
    idsOf: async (user) =>
      unarchived()
        .filter((one) => one.teacherId === user || one.studentIds.includes(user))
        .map(({ id }) => id),
    async addStudent(id, student, limit) {
      const found = classes.get(id);
      if (!found) throw new Error(`class ${id} is not there`);
      if (found.studentIds.includes(student)) return "ok";
      if (found.studentIds.length >= limit) return "full";
      classes.set(id, { ...found, studentIds: [...found.studentIds, student] });
      return "ok";
    },
    page: async (after, limit) => pageAfter([...classes.values()], after, limit),
    async rename(id, name) {
      const found = classes.get(id);
      if (found) classes.set(id, { ...found, name });
    },
    async configure(id, settings) {
      const found = classes.get(id);
      if (found) classes.set(id, { ...found, settings });
    },
    async handOver(id, teacherId) {
      const found = classes.get(id);
      if (found) classes.set(id, { ...found, teacherId });
    },
    async archive(id, at) {
      const found = classes.get(id);
      if (found) classes.set(id, { ...found, archivedAt: at });
    },
    async removeStudent(id, student) {
      const found = classes.get(id);
      if (found) classes.set(id, { ...found, studentIds: found.studentIds.filter((one) => one !== student) });
    },
  };
}
