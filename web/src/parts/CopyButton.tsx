import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';

type State = 'ready' | 'copied' | 'refused';
const shownMs = 3_000;
const texts: Record<State, string> = { ready: '', copied: 'Copied', refused: 'The browser refused' };

type Props = {
  text: string;
  /** what the button says */
  children: string;
  /** its name, where several on the page say the same: it begins with what the button says */
  label?: string;
  /** once the text is in the clipboard */
  copied?: () => void;
};

/** Puts a text into the clipboard, and says whether the browser let it. */
export function CopyButton({ text, children, label, copied }: Props) {
  const [state, setState] = useState<State>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      copied?.();
    } catch {
      setState('refused');
    }
  }

  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={label} onClick={() => void copy()}>
        {children}
      </Button>
      <span role="status">{texts[state]}</span>
    </>
  );
}
