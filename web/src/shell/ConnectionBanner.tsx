import { IconPlugConnectedX } from '@tabler/icons-react';
import { connection } from '../api/socket.ts';
import { useStore } from '../api/store.ts';
import { clock } from '../parts/clock.ts';
import { duration } from '../parts/format.ts';
import { Time } from '../parts/Time.tsx';
import classes from './Shell.module.css';

/** Says that live updates are gone, for how long, and how old what is shown has become. */
export function ConnectionBanner() {
  const { state, since } = useStore(connection);
  const now = useStore(clock);
  return (
    <div role="alert" className={classes['alert']}>
      {state === 'lost' && (
        <div className={classes['banner']}>
          <IconPlugConnectedX size={16} aria-hidden />
          <span>
            <strong>Live updates lost {duration(now - since)} ago.</strong> What you see is from{' '}
            <Time at={since} exact />; trying again.
          </span>
        </div>
      )}
    </div>
  );
}
