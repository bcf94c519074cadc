import { useTranslation } from "react-i18next";

/** Times in the words of the language; each takes milliseconds since the epoch. */
export function useTimes() {
  const { i18n } = useTranslation();
  // The device's own English, or Hindi, where it speaks the same language as the page.
  const own = navigator.languages.find((tag) => tag.split("-")[0] === i18n.language) ?? i18n.language;
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(own, options);
    return (at: number) => made.format(at);
  };
  return {
    /** 09:02 */
    clock: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    /** 09:02:05 */
    exact: format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    /** Monday, 3 March 2031 */
    day: format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    /** 3 Mar 2031, 09:02 */
    moment: format({
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }),
  };
}
