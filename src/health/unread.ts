import { noFeature } from './features.ts';
import type { SchemaHealthReport } from './report.ts';
import { UnreachableError } from './unreachable.ts';

type Answerless = Omit<SchemaHealthReport, 'policy' | 'checkedAt' | 'durationMs'>;

/** What could not be asked is said, and nothing is called READY; features are as they were last seen. */
export function withoutAnswer(error: Error, last: SchemaHealthReport | null): Answerless {
  const nothing = { fingerprint: null, database: null, migrations: null, drift: [], blockers: [], repairPlan: [], planHash: null };
  if (error instanceof UnreachableError) {
    return { ...nothing, status: 'UNREACHABLE', summary: error.message, features: noFeature(), unverified: [], error: error.message };
  }
  const reason = `The catalog could not be read: ${obstacleIn(error)}.`;
  return { ...nothing, status: 'UNVERIFIED', summary: reason, features: last?.features ?? noFeature(), unverified: [{ object: 'the whole schema', reason }], error: reason };
}

function obstacleIn({ code, message }: Error & { code?: string }): string {
  switch (code) {
    case '55P03':
      return "another session holds a lock on PostgreSQL's own tables, as VACUUM FULL of them takes it";
    case '57014':
      return 'it took too long, or somebody cancelled it';
    default:
      return message;
  }
}

/** Whoever works over old connections still does; but the database lets nobody else in, so nothing is called READY. */
export function withRefusal(report: SchemaHealthReport, refusal: string | null): SchemaHealthReport {
  if (refusal === null) return report;
  const reason = `No new connection is let in, though older ones still work. ${refusal}`;
  const unverified = [...report.unverified, { object: 'new connections', reason }];
  return report.status === 'READY' ? { ...report, unverified, status: 'UNVERIFIED', summary: reason } : { ...report, unverified };
}
