import { NativeSelect, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { choose, languages } from "../i18n.ts";
import css from "./shell.module.css";

const SCHEMES = ["auto", "light", "dark"] as const;

/** Language and colours, on every screen, for whoever needs them needs them first. */
export function Foot() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <footer className={css.foot}>
      <NativeSelect
        aria-label={t("footer.language")}
        value={i18n.language}
        onChange={({ currentTarget }) => void choose(currentTarget.value)}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <NativeSelect
        aria-label={t("footer.theme")}
        value={colorScheme}
        onChange={({ currentTarget }) =>
          setColorScheme(SCHEMES.find((scheme) => scheme === currentTarget.value) ?? "auto")
        }
        data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`theme.${scheme}`) }))}
      />
      <a href="/docs" className={css.reference}>
        {t("footer.reference")}
      </a>
    </footer>
  );
}
