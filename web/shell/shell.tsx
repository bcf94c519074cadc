import { VisuallyHidden } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Initials } from "../parts/initials.tsx";
import { calledOf } from "../parts/person.ts";
import { Link, pathOf } from "../router.tsx";
import type { Me } from "../session.ts";
import { Foot } from "./foot.tsx";
import css from "./shell.module.css";

interface ShellProps {
  /** Nobody at the door. */
  readonly me?: Me;
  /** What stands in the bar beside the account. */
  readonly beside?: ReactNode;
  /** Where the person goes from anywhere, beside their start and their account. */
  readonly sections?: readonly ("home" | "people" | "allClasses" | "audit" | "settings")[];
  /** The path that is shown. */
  readonly path?: string;
  readonly children: ReactNode;
}

/** What is around every screen: the bar, the screen, the foot. */
export function Shell({ me, beside, sections = [], path, children }: ShellProps) {
  const { t } = useTranslation();
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone not all of them fit, and each path has its own.
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [path]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {t("skip")}
      </a>
      <header className={css.bar}>
        <Link href={pathOf("home")} className={css.brand}>
          <img src="/static/icon.svg" alt="" width={28} height={28} />
          <span>{t("product")}</span>
        </Link>
        {me && (
          <nav className={css.nav} aria-label={t("nav.main")}>
            {beside}
            <Link href={pathOf("account")} className={css.me}>
              <Initials of={calledOf(me)} />
              <VisuallyHidden>
                {t("nav.account")}, {calledOf(me)}
              </VisuallyHidden>
            </Link>
          </nav>
        )}
      </header>
      {sections.length > 0 && (
        <nav ref={nav} className={css.sections} aria-label={t("nav.administration")}>
          {sections.map((section) => (
            <Link
              key={section}
              href={pathOf(section)}
              aria-current={pathOf(section) === path ? "page" : undefined}
            >
              {t(`nav.sections.${section}`)}
            </Link>
          ))}
        </nav>
      )}
      <main id="content" className={css.main} tabIndex={-1}>
        {children}
      </main>
      <Foot />
    </div>
  );
}
