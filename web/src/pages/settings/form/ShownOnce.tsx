import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { TextField } from '../../../parts/Field.tsx';
import { Notice } from '../../../parts/Notice.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import classes from './Form.module.css';

type Props = {
  /** as in "The key of shop" */
  title: string;
  /** as in "the key" */
  what: string;
  secret: string;
  done: () => void;
  children?: React.ReactNode;
};

/** A secret that the server tells this once: to copy, and not to leave by accident. */
export function ShownOnce({ title, what, secret, done, children }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const { dialog } = useUnsaved({ unsaved: !copied, what, parameters: ['tab'] });
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  async function copy() {
    field.current?.select();
    // Without a secure context there is no clipboard: the text is selected then, for the keyboard to copy.
    await navigator.clipboard?.writeText(secret).then(
      () => setCopied(true),
      () => {},
    );
  }

  return (
    <Notice tone="warn" title={`${title} is shown only now`}>
      <p>The server does not keep it in a form that it could show again.</p>
      {children}
      <div className={classes['secret']}>
        <TextField
          ref={field}
          label={what.charAt(0).toUpperCase() + what.slice(1)}
          value={secret}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          onCopy={() => setCopied(true)}
          spellCheck={false}
        />
        <Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>
        <Button variant="default" onClick={done}>
          Done
        </Button>
      </div>
      {dialog}
    </Notice>
  );
}
