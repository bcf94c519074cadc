import type { Class, User } from "../core/people.ts";

/** A user as answers show one; never the password. */
export const userAnswer = ({ id, name, email, role }: User) => ({ _id: id, name, email, role });

/** A user as a roll shows one. */
export const personAnswer = ({ id, name, email }: User) => ({ _id: id, name, email });

export const classAnswer = ({ id, name, teacherId, studentIds, settings }: Class) => ({
  _id: id,
  className: name,
  teacherId,
  studentIds: [...studentIds],
  ...(settings.presence && { presence: settings.presence }),
  ...(settings.keepsChat && { keepsChat: true as const }),
});
