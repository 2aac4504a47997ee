import { Button } from '@mantine/core';
import { useRef } from 'react';
import { VisuallyHidden } from '../VisuallyHidden.tsx';
import classes from './Form.module.css';
import type { FormState } from './useForm.ts';

/** What somebody else stored in a field while it was typed into, and the choice between the two. */
export function Meanwhile({ form, name, label }: { form: FormState; name: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const theirs = form.theirs(name);
  if (theirs === undefined) return null;

  /** The question goes away with the answer: the focus goes back to its field. */
  function decide(how: (name: string) => void) {
    place.current?.parentElement?.querySelector<HTMLElement>('input, textarea')?.focus();
    how(name);
  }

  const isLong = theirs.length > 60 || theirs.includes('\n');
  return (
    <div ref={place} className={classes['meanwhile']} role="status">
      <span>
        Changed by somebody else meanwhile{isLong ? ':' : <>: <strong dir="auto">{theirs || 'nothing'}</strong>.</>}
      </span>
      {isLong && <pre dir="auto">{theirs}</pre>}
      <span>
        <Button size="compact-xs" variant="default" onClick={() => decide(form.take)}>
          Use theirs<VisuallyHidden> for {label}</VisuallyHidden>
        </Button>{' '}
        <Button size="compact-xs" variant="default" onClick={() => decide(form.keep)}>
          Keep mine<VisuallyHidden> for {label}</VisuallyHidden>
        </Button>
      </span>
    </div>
  );
}
