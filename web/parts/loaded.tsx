import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type ErrorKind, errorKind } from "../api/error.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { PageSkeleton } from "./skeletons.tsx";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is shown stays even so: it tells by itself that it is no more one's own. */
  readonly staysGone?: boolean;
  readonly children: (data: T) => ReactNode;
}

/** What is no more, or no more one's own, is not shown as if it were. */
const GONE: ReadonlySet<ErrorKind> = new Set(["missing", "forbidden"]);

/** A server that restarts is no page of errors; one that stays away is told of while it is asked again. */
const HICCUPS = 1;

/** What was asked for, its skeleton while it comes, or why it does not. What is shown stays while it is asked anew. */
export function Loaded<T>({ query, staysGone = false, children }: LoadedProps<T>) {
  const isGone = !staysGone && GONE.has(errorKind(query.error));
  if (query.data !== undefined && !isGone) return children(query.data);
  const error = query.error ?? (query.failureCount > HICCUPS ? query.failureReason : null);
  if (error) return <ErrorPage error={error} again={() => void query.refetch()} />;
  return <PageSkeleton />;
}
