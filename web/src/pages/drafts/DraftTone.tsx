import type { DraftStatus } from '../../graphql/graphql.ts';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { nameOfTab } from './search.ts';

const tones: Record<DraftStatus, ToneName> = {
  NONE: 'quiet',
  GENERATING: 'quiet',
  PENDING_REVIEW: 'warn',
  APPROVED: 'good',
  REJECTED: 'bad',
  SENT: 'quiet',
  FAILED: 'bad',
};

export function DraftTone({ status }: { status: DraftStatus }) {
  return (
    <Tone tone={tones[status]} moving={status === 'GENERATING'}>
      {status === 'NONE' ? 'None' : nameOfTab(status)}
    </Tone>
  );
}
