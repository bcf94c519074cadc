import css from "./initials.module.css";

/** The first letters of the first and the last word. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}

/** Somebody, as a circle with the letters of their name, which stands in full beside it. */
export function Initials({ of }: { readonly of: string }) {
  return (
    <span className={css.initials} aria-hidden="true">
      {initialsOf(of)}
    </span>
  );
}
