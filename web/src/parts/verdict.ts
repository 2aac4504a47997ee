import type { SchemaStatus } from '../graphql/graphql.ts';
import type { ToneName } from './Tone.tsx';

/** What each verdict means at a glance. */
export const verdictTone: Record<SchemaStatus, Exclude<ToneName, 'quiet'>> = {
  READY: 'good',
  DRIFTED: 'warn',
  BROKEN: 'bad',
  UNVERIFIED: 'warn',
  UNREACHABLE: 'bad',
};
