import { infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { chatAnswer } from "../../protocol/chat.ts";
import { request } from "./request.ts";

export type Message = z.output<typeof chatAnswer>["messages"][number];

const PAGE = 100;

/** What was said in a session's room, in pages; `of` whom to ask as. */
export const saidIn = (sessionId: string, of: "teacher" | "admin") =>
  infiniteQueryOptions({
    queryKey: ["said", of, sessionId],
    // That an administrator reads is noted each time it is asked.
    ...(of === "admin" && { staleTime: Number.POSITIVE_INFINITY }),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ limit: `${PAGE}`, ...(pageParam && { after: pageParam }) });
      const path = of === "admin" ? `/admin${chatPath(sessionId)}` : chatPath(sessionId);
      return request(`${path}?${asked}`, chatAnswer, { signal });
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Where what was said in a session's room is as a file for spreadsheets. */
export const chatCsvPath = (sessionId: string): string => `${chatPath(sessionId)}.csv`;

const chatPath = (sessionId: string): string => `/sessions/${encodeURIComponent(sessionId)}/chat`;
