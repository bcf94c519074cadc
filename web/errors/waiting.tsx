import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { commands } from "../live/commands.ts";

/** How much waits on this device to be sent; nothing where nothing does. */
export function Waiting() {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  useEffect(() => {
    commands()
      .load()
      .then(({ length }) => setCount(length))
      .catch(() => undefined);
  }, []);
  if (count === 0) return null;
  return <p>{t("error.waiting", { count })}</p>;
}
