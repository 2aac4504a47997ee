import { Button, CloseButton } from '@mantine/core';
import { useFocusWithin, useHover, useMergedRef } from '@mantine/hooks';
import { useEffect } from 'react';
import { useStore } from '../api/store.ts';
import { dismiss, type Toast, toasts } from '../parts/toasts.ts';
import classes from './Toaster.module.css';

const lastsMs = 8_000;

/** What was just done, in the corner, said once to a screen reader. It stays while the pointer or the focus is on it. */
export function Toaster() {
  const all = useStore(toasts);
  const { hovered, ref: hover } = useHover();
  const { focused, ref: focus } = useFocusWithin();
  const ref = useMergedRef(hover, focus);
  return (
    <div ref={ref} className={classes['toaster']} role="status">
      {all.map((one) => (
        <Item key={one.id} toast={one} held={hovered || focused} />
      ))}
    </div>
  );
}

function Item({ toast: { id, text, action }, held }: { toast: Toast; held: boolean }) {
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), lastsMs);
    return () => clearTimeout(timer);
  }, [held, id]);
  return (
    <div className={classes['toast']}>
      <span>{text}</span>
      {action && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(id)} />
    </div>
  );
}
