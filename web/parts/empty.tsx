import type { ReactNode } from "react";
import css from "./list.module.css";

interface EmptyProps {
  readonly title: string;
  /** Of its heading: below a section's, or right below the page's. */
  readonly level?: 2 | 3;
  /** What to do next. */
  readonly children: ReactNode;
}

/** Nothing is here yet, and what to do about it. */
export function Empty({ title, level = 3, children }: EmptyProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div className={css.empty}>
      <Heading className={css.emptyTitle}>{title}</Heading>
      <p>{children}</p>
    </div>
  );
}
