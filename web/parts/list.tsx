import type { ReactNode } from "react";
import { Link } from "../router.tsx";
import { Icon } from "./icon.tsx";
import css from "./list.module.css";

interface SectionProps {
  readonly title: string;
  /** What can be done with it, at the title's side. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a screen under a heading of its own. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Rows with lines between them. */
export const Rows = ({ children }: { readonly children: ReactNode }) => (
  <ul className={css.rows}>{children}</ul>
);

interface RowProps {
  /** Where the whole row leads. */
  readonly href?: string;
  readonly start?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** What stands at its end: a figure, a button. */
  readonly end?: ReactNode;
}

/** One of them. */
export function Row({ href, start, title, detail, end }: RowProps) {
  const inside = (
    <>
      {start}
      <span className={css.words}>
        <span className={css.title}>{title}</span>
        {detail && <span className={css.detail}>{detail}</span>}
      </span>
      {end}
    </>
  );
  if (!href) return <li className={css.row}>{inside}</li>;
  return (
    <li>
      <Link href={href} className={css.row}>
        {inside}
        <Icon name="chevron-right" />
      </Link>
    </li>
  );
}
