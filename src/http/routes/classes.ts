import { addStudent } from "../../commands/add-student.ts";
import { createClass } from "../../commands/create-class.ts";
import { listStudents } from "../../commands/list-students.ts";
import { showClass } from "../../commands/show-class.ts";
import { showRoom } from "../../commands/show-room.ts";
import type { Route } from "../route.ts";

export const classRoutes: readonly Route[] = [
  { method: "POST", path: "/class", command: createClass, status: 201 },
  { method: "GET", path: "/class/:classId", command: showClass, status: 200 },
  { method: "POST", path: "/class/:classId/add-student", command: addStudent, status: 200 },
  { method: "GET", path: "/class/:classId/room", command: showRoom, status: 200 },
  { method: "GET", path: "/students", command: listStudents, status: 200 },
];
