import { Button } from '@mantine/core';
import { VisuallyHidden } from '../../../parts/VisuallyHidden.tsx';
import classes from './Form.module.css';
import type { FormState } from './useForm.ts';

/** What somebody else stored in a field while it was typed into, and the choice between the two. */
export function Meanwhile({ form, name, label }: { form: FormState; name: string; label: string }) {
  const theirs = form.theirs(name);
  if (theirs === undefined) return null;
  const isLong = theirs.length > 60 || theirs.includes('\n');
  return (
    <div className={classes['meanwhile']} role="status">
      <span>
        Changed by somebody else meanwhile{isLong ? ':' : <>: <strong dir="auto">{theirs || 'nothing'}</strong>.</>}
      </span>
      {isLong && <pre dir="auto">{theirs}</pre>}
      <span>
        <Button size="compact-xs" variant="default" onClick={() => form.take(name)}>
          Use theirs<VisuallyHidden> for {label}</VisuallyHidden>
        </Button>{' '}
        <Button size="compact-xs" variant="default" onClick={() => form.keep(name)}>
          Keep mine<VisuallyHidden> for {label}</VisuallyHidden>
        </Button>
      </span>
    </div>
  );
}
