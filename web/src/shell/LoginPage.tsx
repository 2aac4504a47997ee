import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { signIn } from '../api/session.ts';
import { Notice } from '../parts/Notice.tsx';
import classes from './Shell.module.css';

/** Shown when the server does not know us: an API key becomes the session cookie. */
export function LoginPage() {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const refusal = await signIn(key.trim());
    if (refusal === null) return location.reload();
    setProblem(refusal);
    setBusy(false);
  }

  return (
    <main className={classes['login']}>
      <img src="/icon.svg" alt="" width={44} height={44} />
      <h1>Sign in to Outrider</h1>
      <p>
        Open the address that the server printed when it started, or paste an API key. A new one comes from{' '}
        <code>outrider token create --name you --role operator</code>.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <PasswordInput
          label="API key"
          name="key"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          data-autofocus
          required
        />
        {problem && <Notice tone="bad" title={problem} />}
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </form>
    </main>
  );
}
