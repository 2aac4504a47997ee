import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useUnsaved } from '../../parts/useUnsaved.tsx';
import classes from './Settings.module.css';

type Props = {
  /** as in "The key of shop" */
  title: string;
  /** as in "the key" */
  what: string;
  secret: string;
  done: () => void;
  children?: ReactNode;
};

/** A secret that the server tells this once: to copy, and not to leave by accident. */
export function ShownOnce({ title, what, secret, done, children }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const { dialog } = useUnsaved({ unsaved: !copied, what, parameters: ['tab'] });
  useEffect(() => {
    // After the dialog that it came from has given the focus back.
    const frame = requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.select();
    });
    return () => cancelAnimationFrame(frame);
  }, []);

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
        <CopyButton text={secret} copied={() => setCopied(true)}>
          Copy
        </CopyButton>
        <Button size="compact-sm" variant="default" onClick={done}>
          Done
        </Button>
      </div>
      {dialog}
    </Notice>
  );
}
