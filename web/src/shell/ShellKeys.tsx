import { UnstyledButton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconKeyboard } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { pressed } from '../keys/commands.ts';
import { useCommands } from '../keys/useCommands.ts';
import { pages } from './pages.ts';
import classes from './Shell.module.css';

const KeyboardHelp = lazy(async () => ({ default: (await import('../keys/KeyboardHelp.tsx')).KeyboardHelp }));

/** Listens to the keyboard, leads to every page by it, and tells what it can do. */
export function ShellKeys() {
  const navigate = useNavigate();
  const [help, setHelp] = useState<'unopened' | 'open' | 'closed'>('unopened');
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  useCommands('Everywhere', [
    ...pages.map(({ to, label, key }) => ({ keys: `g ${key}`, label, run: () => void navigate({ to }) })),
    { keys: '?', label: 'This help', run: () => setHelp('open') },
  ]);
  return (
    <>
      <UnstyledButton className={`${classes['preference']} ${classes['keyboard']}`} onClick={() => setHelp('open')}>
        <IconKeyboard size={16} aria-hidden />
        <span>Keyboard</span>
        <kbd aria-hidden>?</kbd>
      </UnstyledButton>
      {help !== 'unopened' && (
        <Suspense>
          <KeyboardHelp opened={help === 'open'} close={() => setHelp('closed')} />
        </Suspense>
      )}
    </>
  );
}
