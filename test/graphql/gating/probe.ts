import type { Client } from 'pg';
import type { JobType } from '../../../src/domain/enums.ts';
import type { Fixtures } from './fixtures.ts';

/** One use of the API, as small as can be, so that what fails can be told by its coordinate. */
export interface Probe {
  name: string;
  document: string;
  variables?(fixtures: Fixtures): Record<string, unknown>;
  /** runs the job of this type that was started, as a worker would */
  works?: JobType;
  /** webhooks hear of it */
  tells?: boolean;
  /** whether what was answered may be true; a worker is running */
  isTrue?(data: any): boolean;
  /** whether what it wrote is there, as the owner of the schema sees it */
  wrote?(owner: Client, fixtures: Fixtures, data: any): Promise<boolean>;
}
