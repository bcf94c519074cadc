import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPage } from "../errors/error-page.tsx";
import { PageSkeleton } from "./skeletons.tsx";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}

/** What was asked for, its skeleton while it comes, or why it does not. What is shown stays while it is asked anew. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorPage error={query.error} again={() => void query.refetch()} />;
  return <PageSkeleton />;
}
