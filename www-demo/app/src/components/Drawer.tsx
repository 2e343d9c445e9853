import { useEffect, useRef, type ReactNode } from "react";

type Props = { open: boolean; onClose: () => void; children: ReactNode };

/** A modal dialog at the left edge: the browser keeps the focus inside and closes it on Escape. */
export function Drawer({ open, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      className="drawer"
      aria-label="Chats"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {open && children}
    </dialog>
  );
}
