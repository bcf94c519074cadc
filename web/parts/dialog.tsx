import { type ReactNode, useEffect, useRef } from "react";
import css from "./dialog.module.css";

interface DialogProps {
  readonly title: string;
  /** Asked to close: by Escape, or by a click beside it. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What can be done, at its end. */
  readonly actions: ReactNode;
}

/** Something that stands before everything else, until it is closed; the browser keeps the focus in it. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by keyboard, which the browser does itself
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={css.inside}>
        <h2 id="dialog-title">{title}</h2>
        <div className={css.body} data-scrolls>
          {children}
        </div>
        <div className={css.actions}>{actions}</div>
      </div>
    </dialog>
  );
}
