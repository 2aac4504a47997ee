import type { RepairRisk } from '../../graphql/graphql.ts';
import type { ToneName } from '../../parts/Tone.tsx';

/** What each risk of a step means at a glance. */
export const risks: Record<RepairRisk, ToneName> = { SAFE: 'good', CAUTION: 'warn', DANGEROUS: 'bad' };
