import { Button, Code } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { signIn } from '../api/session.ts';
import { CheckField, Form, TextField } from '../parts/Field.tsx';
import { Notice } from '../parts/Notice.tsx';
import { VisuallyHidden } from '../parts/VisuallyHidden.tsx';
import classes from './LoginPage.module.css';

/** What the server adds to the address when the token that stood in it was not valid. */
const refusedToken = '#token-refused';

/** Shown when the server does not know us: an API key becomes the session cookie, and the address that was asked for comes. */
export function LoginPage() {
  const field = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState('');
  const [isShown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  /** read out: whoever stays in the field would not hear what is said below it */
  const [spoken, setSpoken] = useState('');
  const [wasRefused] = useState(location.hash === refusedToken);

  useEffect(() => {
    document.title = 'Sign in · Outrider';
    if (location.hash === refusedToken) history.replaceState(history.state, '', location.pathname + location.search);
    field.current?.focus();
  }, []);

  function say(text: string) {
    setProblem(text);
    setSpoken(document.activeElement === field.current ? text : '');
    setBusy(false);
    field.current?.focus();
    field.current?.select();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const typed = key.trim();
    if (typed === '') return say('Paste a key first.');
    setBusy(true);
    setSpoken('');
    const refusal = await signIn(typed);
    if (refusal === null) location.reload();
    else say(refusal);
  }

  return (
    <main className={classes['page']}>
      <img src="/icon.svg" alt="" width={44} height={44} />
      <h1>Sign in to Outrider</h1>
      {wasRefused && (
        <Notice tone="warn" title="The token in the address is not valid">
          <p>The server may have made another one since, and takes no API key from an address. Open the address that it printed last, or paste a key.</p>
        </Notice>
      )}
      <Form onSubmit={(event) => void submit(event)} aria-label="Sign in">
        {/* Password managers keep a key under a name. */}
        <input type="text" name="username" autoComplete="username" value={location.host} readOnly hidden />
        <TextField
          label="API key"
          name="password"
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          value={key}
          problem={problem}
          required
          ref={field}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <CheckField label="Show the key" checked={isShown} onChange={(event) => setShown(event.currentTarget.checked)} />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </Form>
      <div role="alert">
        <VisuallyHidden>{spoken}</VisuallyHidden>
      </div>
      <section aria-label="Where a key comes from">
        <h2>Where a key comes from</h2>
        <ul>
          <li>
            The address that the server printed when it started holds one: open that, and you are signed in.
          </li>
          <li>An administrator makes one for you in Settings, under API keys.</li>
          <li>
            Whoever can run commands where the server runs makes one with{' '}
            <Code>outrider token create --name you --role operator</Code>
          </li>
        </ul>
      </section>
    </main>
  );
}
