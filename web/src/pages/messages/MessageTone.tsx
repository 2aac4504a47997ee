import type { MessageStatus } from '../../graphql/graphql.ts';
import { Tone } from '../../parts/Tone.tsx';
import { states } from './states.ts';

export function MessageTone({ status }: { status: MessageStatus }) {
  const { tone, label } = states[status];
  return (
    <Tone tone={tone} moving={status === 'SENDING'}>
      {label}
    </Tone>
  );
}
