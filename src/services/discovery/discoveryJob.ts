import type { Page, PlatformAdapter } from '../../discovery/adapter.ts';
import type { RequestRecord } from '../../discovery/fetch/createFetch.ts';
import type { TargetOutcome } from '../../domain/enums.ts';
import type { DiscoveryParameters } from './insertDiscovery.ts';

/** A discovery as a worker works on it. */
export interface DiscoveryJob extends Omit<DiscoveryParameters, 'filters'> {
  id: string;
  attempt: number;
  adapter: PlatformAdapter;
  /** as the adapter reads them */
  filters: unknown;
  userAgent: string;
  session: object;
}

export interface Failure {
  code: string;
  message: string;
  /** what was searched */
  value: string;
}

/** What came of one page, and where the search stood before it. */
export type PageResult = { at: { cursor: string | null; found: number }; requests: readonly RequestRecord[] } & (
  | { kind: 'page'; page: Page }
  | { kind: 'failed'; failure: Failure }
);

/** One target as job_targets keeps it. */
export interface Settled {
  /** uuid of the prospect */
  targetId: string | null;
  outcome: TargetOutcome;
  code: string | null;
  message: string | null;
  value: string;
}

export interface Written {
  cursor: string | null;
  /** prospects of the search so far, each once */
  found: number;
  ended: boolean;
}
