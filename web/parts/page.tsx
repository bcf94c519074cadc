import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "../router.tsx";
import { Icon } from "./icon.tsx";
import css from "./page.module.css";

interface PageProps {
  readonly title: string;
  /** A line below the title. */
  readonly lead?: ReactNode;
  /** What can be done here, at the title's side. */
  readonly actions?: ReactNode;
  /** Where this page belongs to. */
  readonly back?: { readonly href: string; readonly label: string };
  /** For a form or a message. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** A screen: its title has the focus when it comes up, so that a keyboard and a screen reader begin there. */
export function Page({ title, lead, actions, back, narrow = false, children }: PageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
  return (
    <div className={css.page} data-narrow={narrow || undefined}>
      <header className={css.head}>
        <div className={css.titles}>
          {back && (
            <Link href={back.href} className={css.back}>
              <Icon name="arrow-left" size={16} />
              {back.label}
            </Link>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
