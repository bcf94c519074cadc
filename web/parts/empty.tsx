import type { ReactNode } from "react";
import css from "./list.module.css";

interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children: ReactNode;
}

/** Nothing is here yet, and what to do about it. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className={css.empty}>
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}
