import { z } from "zod";
import { classAnswer, classWithStudentsAnswer, personAnswer, roomAnswer } from "../../../protocol/http.ts";
import { addStudent } from "../../commands/add-student.ts";
import { archiveClass } from "../../commands/archive-class.ts";
import { changeClass } from "../../commands/change-class.ts";
import { createClass } from "../../commands/create-class.ts";
import { listClasses } from "../../commands/list-classes.ts";
import { listStudents } from "../../commands/list-students.ts";
import { removeStudent } from "../../commands/remove-student.ts";
import { showClass } from "../../commands/show-class.ts";
import { showRoom } from "../../commands/show-room.ts";
import { BEN, BEN_SHOWN, CLASS, CLASS_SHOWN, CLEO, CLEO_SHOWN, ROOM } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

const creating = route({
  method: "POST",
  path: "/class",
  tag: "Classes",
  summary: "Make a class",
  description: "A class of the asking teacher, with an empty roll.",
  command: createClass,
  status: 201,
  answer: classAnswer,
  example: { body: { className: "Physics 9b" }, data: { ...CLASS_SHOWN, studentIds: [] } },
});

const listing = route({
  method: "GET",
  path: "/class",
  tag: "Classes",
  summary: "List my classes",
  description:
    "A teacher's own classes, or those that a student is enrolled in, oldest first. Archived ones are not among them.",
  command: listClasses,
  status: 200,
  answer: z.array(classAnswer),
  example: { data: [CLASS_SHOWN] },
});

const showing = route({
  method: "GET",
  path: "/class/:classId",
  tag: "Classes",
  summary: "Show a class",
  description: "The class with its students, to its teacher and its students.",
  command: showClass,
  status: 200,
  answer: classWithStudentsAnswer,
  example: { data: { ...CLASS_SHOWN, students: [BEN_SHOWN, CLEO_SHOWN] } },
});

const changing = route({
  method: "PATCH",
  path: "/class/:classId",
  tag: "Classes",
  summary: "Rename a class, or change its settings",
  description:
    "Changes what is named and nothing else. `presence` says from which share of the session, or how many minutes, in the video room a student counts as present: proposed to the teacher, or set at the end for whoever has no mark. Marks by hand always win.",
  command: changeClass,
  status: 200,
  answer: classAnswer,
  example: { body: { className: "Physics 10b" }, data: { ...CLASS_SHOWN, className: "Physics 10b" } },
});

const archiving = route({
  method: "DELETE",
  path: "/class/:classId",
  tag: "Classes",
  summary: "Archive a class",
  description:
    "A running session is ended first, as `DONE` does, so that nothing is lost. Then the class is not found any more and its sockets hear nothing of it; what it has on record stays.",
  command: archiveClass,
  status: 200,
  answer: classAnswer,
  example: { data: CLASS_SHOWN },
});

const adding = route({
  method: "POST",
  path: "/class/:classId/add-student",
  tag: "Classes",
  summary: "Enrol a student",
  description:
    "Puts the student on the roll, and on that of the running session; adding twice changes nothing. The student's open sockets hear the class from now on.",
  command: addStudent,
  status: 200,
  answer: classAnswer,
  example: { body: { studentId: CLEO }, data: CLASS_SHOWN },
});

const removing = route({
  method: "DELETE",
  path: "/class/:classId/students/:studentId",
  tag: "Classes",
  summary: "Withdraw a student",
  description:
    "Takes the student off the roll, and off that of the running session; marks already made stay. The student's sockets get what was committed before, and nothing after. A student who is not on the roll changes nothing.",
  command: removeStudent,
  status: 200,
  answer: classAnswer,
  example: { data: { ...CLASS_SHOWN, studentIds: [BEN] } },
});

const showingRoom = route({
  method: "GET",
  path: "/class/:classId/room",
  tag: "Classes",
  summary: "Its video room",
  description: "A class has a video room while its session runs.",
  command: showRoom,
  status: 200,
  answer: roomAnswer,
  example: { data: { classId: CLASS, activeRoomId: ROOM, isActive: true } },
});

const listingStudents = route({
  method: "GET",
  path: "/students",
  tag: "People",
  summary: "List or find students",
  description:
    "Everyone who can be enrolled, by name; with `q` those who have it in their name or email, in any letter case; with `email` the one who has it. With ROSTER_PRIVACY=email-lookup only that.",
  command: listStudents,
  query: ["q", "limit", "email"],
  status: 200,
  answer: z.array(personAnswer),
  example: { data: [BEN_SHOWN, CLEO_SHOWN] },
});

export const classRoutes: readonly Route[] = [
  creating,
  listing,
  showing,
  changing,
  archiving,
  adding,
  removing,
  showingRoom,
  listingStudents,
];
