import { UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconClock, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { signOut } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { ViewerDocument } from '../graphql/graphql.ts';
import { timeZone } from '../parts/clock.ts';
import { words } from '../parts/format.ts';
import classes from './Shell.module.css';

/** The path of GraphiQL; the server names it in its page where it serves one, which is for development. */
const explorer = document.querySelector('link[rel=service-doc]')?.getAttribute('href');

/** Who is signed in and the way out, how times are written, light or dark. */
export function Preferences() {
  const [{ data }] = useQuery({ query: ViewerDocument, requestPolicy: 'cache-first' });
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const zone = useStore(timeZone);
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <div className={classes['preferences']}>
      {data?.viewer && (
        <span className={classes['viewer']}>
          {data.viewer.name} · {words(data.viewer.role)}
        </span>
      )}
      <UnstyledButton
        className={classes['preference']}
        aria-pressed={zone === 'UTC'}
        aria-label="Write times in UTC"
        onClick={() => timeZone.set(zone === 'UTC' ? 'local' : 'UTC')}
      >
        <IconClock size={16} aria-hidden />
        {zone === 'UTC' ? 'UTC' : 'Local'}
      </UnstyledButton>
      <UnstyledButton className={classes['preference']} aria-label={`Switch to ${other} colours`} onClick={() => setColorScheme(other)}>
        {scheme === 'dark' ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
      </UnstyledButton>
      {explorer && (
        <a className={classes['preference']} href={explorer}>
          GraphiQL
        </a>
      )}
      <SignOut />
    </div>
  );
}

function SignOut() {
  const [failed, setFailed] = useState(false);
  async function leave() {
    setFailed(false);
    if (await signOut()) location.reload();
    else setFailed(true);
  }
  return (
    <>
      <UnstyledButton className={classes['preference']} onClick={() => void leave()}>
        <IconLogout size={16} aria-hidden />
        Sign out
      </UnstyledButton>
      <span className={classes['refusal']} role="alert">
        {failed && 'The server does not answer: you are still signed in.'}
      </span>
    </>
  );
}
