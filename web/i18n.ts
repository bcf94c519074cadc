import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { z } from "zod";
import en from "./words/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: { words: typeof en };
  }
}

const NS = "words";
const FALLBACK = "en";
const CHOICE = "rollcall-language";

/** Where the words of each language are, by its code; the build writes them into the page. */
const files: Readonly<Record<string, string>> = readFiles();

/** The languages that there are, each in its own words. Another is one more file in web/words. */
export const languages: readonly { readonly code: string; readonly name: string }[] = Object.keys(files)
  .toSorted()
  .map((code) => ({ code, name: new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code }));

/** Prepares the words: in the language that was chosen here, else the browser's, else English. */
export async function prepareWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: FALLBACK,
    fallbackLng: FALLBACK,
    defaultNS: NS,
    resources: { [FALLBACK]: { [NS]: en } },
    interpolation: { escapeValue: false },
  });
  await speak(wanted());
}

/** Changes to a language, and remembers it on this device. */
export async function choose(code: string): Promise<void> {
  localStorage.setItem(CHOICE, code);
  await speak(code);
}

async function speak(code: string): Promise<void> {
  const file = files[code];
  if (file && !i18next.hasResourceBundle(code, NS)) {
    try {
      const answer = await fetch(file);
      i18next.addResourceBundle(code, NS, await answer.json());
    } catch {
      // Better in English than not at all.
      return;
    }
  }
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
}

function wanted(): string {
  const known = [localStorage.getItem(CHOICE), ...navigator.languages.map((tag) => tag.split("-")[0])];
  return known.find((code) => code && code in files) ?? FALLBACK;
}

function readFiles(): Record<string, string> {
  const content = document.querySelector<HTMLMetaElement>('meta[name="rollcall-languages"]')?.content;
  return z.record(z.string(), z.string()).parse(JSON.parse(content ?? "{}"));
}
