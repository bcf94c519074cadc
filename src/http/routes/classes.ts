import { addStudent } from "../../commands/add-student.ts";
import { archiveClass } from "../../commands/archive-class.ts";
import { createClass } from "../../commands/create-class.ts";
import { listClasses } from "../../commands/list-classes.ts";
import { listStudents } from "../../commands/list-students.ts";
import { removeStudent } from "../../commands/remove-student.ts";
import { renameClass } from "../../commands/rename-class.ts";
import { showClass } from "../../commands/show-class.ts";
import { showRoom } from "../../commands/show-room.ts";
import type { Route } from "../route.ts";

export const classRoutes: readonly Route[] = [
  { method: "POST", path: "/class", command: createClass, status: 201 },
  { method: "GET", path: "/class", command: listClasses, status: 200 },
  { method: "GET", path: "/class/:classId", command: showClass, status: 200 },
  { method: "PATCH", path: "/class/:classId", command: renameClass, status: 200 },
  { method: "DELETE", path: "/class/:classId", command: archiveClass, status: 200 },
  { method: "POST", path: "/class/:classId/add-student", command: addStudent, status: 200 },
  { method: "DELETE", path: "/class/:classId/students/:studentId", command: removeStudent, status: 200 },
  { method: "GET", path: "/class/:classId/room", command: showRoom, status: 200 },
  { method: "GET", path: "/students", command: listStudents, status: 200 },
];
