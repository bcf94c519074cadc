import type { Context } from "./context.ts";

/** AD6: whether teachers sign up by themselves: as TEACHER_SIGNUP says, else until there is an admin. */
export async function teacherSignup({
  store,
  limits,
}: Pick<Context, "store"> & { readonly limits: Pick<Context["limits"], "TEACHER_SIGNUP"> }) {
  return limits.TEACHER_SIGNUP ?? ((await store.users.hasAdmin()) ? "invite" : "open");
}
