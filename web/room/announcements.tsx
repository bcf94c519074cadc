import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ComingsAndGoings } from "./comings.ts";
import { useView } from "./use-room.ts";

/** However many come and go, no more is said than one line in so many milliseconds. */
const EVERY_MS = 2500;

/** Tells a screen reader who came, who left and who raised a hand: one by name, more of them by their number. */
export function Announcements() {
  const { t } = useTranslation();
  const view = useView();
  const now = useRef(view);
  now.current = view;
  const [said, say] = useState("");
  useEffect(() => {
    const comings = new ComingsAndGoings(now.current.others);
    const timer = setInterval(() => {
      const { others, isCut } = now.current;
      // What is shown of the others is old: they are not gone.
      if (isCut) return;
      const news = comings.news(others, performance.now());
      const line = (["came", "left", "hands"] as const)
        .filter((one) => news[one].length > 0)
        .map((one) => t(`room.said.${one}`, { count: news[one].length, name: news[one][0] }))
        .join(" ");
      if (line !== "") say(line);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [t]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  );
}
