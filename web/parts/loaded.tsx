import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPage } from "../errors/error-page.tsx";
import { PageSkeleton } from "./skeletons.tsx";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}

/** A server that restarts is no page of errors; one that stays away is told of while it is asked again. */
const HICCUPS = 1;

/** What was asked for, its skeleton while it comes, or why it does not. What is shown stays while it is asked anew. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  const error = query.error ?? (query.failureCount > HICCUPS ? query.failureReason : null);
  if (error) return <ErrorPage error={error} again={() => void query.refetch()} />;
  return <PageSkeleton />;
}
