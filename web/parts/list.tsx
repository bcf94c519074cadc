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

interface RowsProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
}

/** Rows with lines between them, all of them in the page. */
export function Rows<T>({ items, keyOf, children }: RowsProps<T>) {
  return (
    <ul className={css.rows}>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}

interface RowProps {
  /** Where the whole row leads. */
  readonly href?: string;
  readonly start?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** What stands at its end: a figure, a button. */
  readonly end?: ReactNode;
}

/** The inside of a row. */
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
  if (!href) return <div className={css.row}>{inside}</div>;
  return (
    <Link href={href} className={css.row}>
      {inside}
      <Icon name="chevron-right" />
    </Link>
  );
}

/** Facts by their names. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
