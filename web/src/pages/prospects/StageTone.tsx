import type { PipelineStage } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import { Tone, type ToneName } from '../../parts/Tone.tsx';

const tones: Record<PipelineStage, ToneName> = {
  DISCOVERED: 'quiet',
  REVIEWED: 'good',
  DRAFTED: 'good',
  APPROVED: 'good',
  SENT: 'good',
  FOLLOWED_UP: 'good',
  REPLIED: 'good',
  REJECTED: 'bad',
  EXCLUDED: 'warn',
};

/** Where in the pipeline a prospect stands. */
export function StageTone({ stage }: { stage: PipelineStage }) {
  return <Tone tone={tones[stage]}>{words(stage)}</Tone>;
}
