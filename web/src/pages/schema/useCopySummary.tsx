import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useCommands } from '../../keys/useCommands.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { TextArea } from '../../parts/Field.tsx';
import { toast } from '../../parts/toasts.ts';
import type { Health } from './useHealth.ts';

/** Copies the check as text. Where the browser does not let us (a page without HTTPS), a dialog shows what to copy. */
export function useCopySummary(now: Health | undefined, known: Health | undefined): { button: ReactNode; dialog: ReactNode } {
  const [text, setText] = useState<string | null>(null);

  async function copy() {
    if (!now) return;
    const { incidentSummary } = await import('./incidentSummary.ts');
    const summary = incidentSummary(now, known ?? now);
    try {
      await navigator.clipboard.writeText(summary);
      toast('Incident summary copied');
    } catch {
      setText(summary);
    }
  }

  useCommands('Schema health', [{ keys: 'y', label: 'Copy an incident summary', run: () => void copy() }]);
  return {
    button: now && (
      <Button variant="default" onClick={() => void copy()}>
        Copy incident summary
      </Button>
    ),
    dialog: (
      <Dialog title="Incident summary" opened={text !== null} close={() => setText(null)} wide>
        <TextArea
          label="The browser does not let this page copy: press Ctrl+C"
          code
          rows={16}
          readOnly
          value={text ?? ''}
          onFocus={(event) => event.currentTarget.select()}
        />
      </Dialog>
    ),
  };
}
