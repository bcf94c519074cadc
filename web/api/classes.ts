import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { classAnswer } from "../../protocol/http.ts";
import { queries } from "./queries.ts";
import { request } from "./request.ts";

export type Class = z.output<typeof classAnswer>;

/** A teacher's own classes, or those that a student is in, oldest first. */
export const myClasses = () =>
  queryOptions({
    queryKey: ["classes"],
    queryFn: ({ signal }) => request("/class", z.array(classAnswer), { signal }),
  });

/** Makes a class. */
export const createClass = (className: string) =>
  changed(request("/class", classAnswer, { method: "POST", body: { className } }));

/** What was shown of classes is asked for anew. */
async function changed<T>(done: Promise<T>): Promise<T> {
  const value = await done;
  await queries.invalidateQueries({ queryKey: ["classes"] });
  return value;
}
