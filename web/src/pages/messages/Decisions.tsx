import { lazy, Suspense, useRef } from 'react';
import type { DecideDialogProps } from './DecideDialog.tsx';

const DecideDialog = lazy(async () => ({ default: (await import('./DecideDialog.tsx')).DecideDialog }));

/** The question before a decision; it is loaded when the first one is asked, and stays, so that it can give the focus back. */
export function Decisions(props: DecideDialogProps) {
  const wasAsked = useRef(false);
  if (props.asked) wasAsked.current = true;
  if (!wasAsked.current) return null;
  return (
    <Suspense>
      <DecideDialog {...props} />
    </Suspense>
  );
}
