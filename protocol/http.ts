import { z } from "zod";
import { classIdInput, userIdSchema } from "./ids.ts";

/** Teacher or student, in any letter case; nobody signs up as anything else. */
const role = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(["teacher", "student"]));

/** Matched lower-cased, white space around it ignored. */
const email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email())
  .refine((value) => value.length <= 254, "expects at most 254 characters");

const shortText = z.string().trim().min(1).max(200);
/** 1,024 characters bound the work of a hash; nobody types more. */
const password = z.string().max(1024);

export const signUpInput = z.object({ name: shortText, email, password: password.min(6), role });
export const loginInput = z.object({ email: z.string().trim().toLowerCase(), password });
export const noInput = z.object({});
export const createClassInput = z.object({ className: shortText });
export const classInput = z.object({ classId: classIdInput });
export const renameClassInput = createClassInput.extend(classInput.shape);
/** Any text may be asked for: one that is no student's id is a student that is not found. */
export const classStudentInput = classInput.extend({ studentId: z.string().min(1) });
export const endInput = z.object({ classId: classIdInput.optional() });

export const userAnswer = z.object({
  _id: userIdSchema,
  name: z.string(),
  email: z.string(),
  role: z.enum(["teacher", "student", "admin"]),
});
