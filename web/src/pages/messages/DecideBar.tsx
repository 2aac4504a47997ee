import { Button } from '@mantine/core';
import { count } from '../../parts/format.ts';
import classes from './Messages.module.css';
import { resolutions } from './states.ts';
import type { Decision } from './useResolve.ts';

type Props = { selected: number; of: number; decisions: readonly Decision[]; ask: (decision: Decision) => void };

/** What can be done with the selected messages. It is always there, so that selecting moves nothing. */
export function DecideBar({ selected, of, decisions, ask }: Props) {
  return (
    <div className={classes['bar']} role="group" aria-label="The selected messages">
      <span className={classes['aside']} role="status">
        {selected > 0 ? `${count(selected)} of ${count(of)} selected` : 'None selected'}
      </span>
      {decisions.map((decision) => (
        <Button
          key={decision}
          size="compact-sm"
          variant="default"
          disabled={selected === 0}
          aria-label={decision === 'CANCEL' ? 'Cancel the selected messages' : `${resolutions[decision].label}: the selected messages`}
          onClick={() => ask(decision)}
        >
          {decision === 'CANCEL' ? 'Cancel' : resolutions[decision].label}
        </Button>
      ))}
    </div>
  );
}
