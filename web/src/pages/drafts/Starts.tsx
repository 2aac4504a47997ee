import type { Channel } from '../../graphql/graphql.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { FollowUpForm } from './FollowUpForm.tsx';
import type { ReadDraft } from './readDraft.ts';
import { SendForm } from './SendForm.tsx';

type Props = {
  start: 'send' | 'follow-up' | undefined;
  /** exactly these; null for all that are approved */
  drafts: readonly ReadDraft[] | null;
  channel: Channel | undefined;
  /** only what this job wrote */
  job: string | undefined;
  close: () => void;
};

/** The dialogs that start a job: approved drafts leave, or those who did not answer get another draft. */
export function Starts({ start, drafts, channel, job, close }: Props) {
  return (
    <Dialog title={start === 'send' ? 'Send approved drafts' : 'Follow up'} opened={start !== undefined} close={close} wide={start === 'follow-up'}>
      {start === 'send' ? <SendForm drafts={drafts} channel={channel} job={job} close={close} /> : <FollowUpForm channel={channel} close={close} />}
    </Dialog>
  );
}
