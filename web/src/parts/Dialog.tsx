import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import classes from './Dialog.module.css';

type Props = { title: string; opened: boolean; close: () => void; wide?: boolean; children: ReactNode };

/** A modal dialog of the browser's own: it takes the focus into its first field, gives it back, and Escape closes it. The focus begins at `data-autofocus`, else at the first control. */
export function Dialog({ title, opened, close, wide = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (!opened) return element.current?.close();
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [opened]);
  return (
    <dialog
      ref={element}
      className={classes['dialog']}
      data-wide={wide || undefined}
      aria-labelledby={titleId}
      closedby="any"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      {opened && (
        <div className={classes['box']}>
          <header className={classes['head']}>
            <h2 id={titleId}>{title}</h2>
            <CloseButton aria-label="Close" onClick={close} />
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
