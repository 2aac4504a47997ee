import { Router, type Request } from 'express';
import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
import type { Replicas } from '../replicas/openReplicas.ts';
import { credentialsOf } from './credentials.ts';
import type { EventsLink } from './eventsMetrics.ts';
import type { Access } from './requireActor.ts';

/**
 * GET /health/live, /health/ready and /health/schema; without a token, for load balancers. With one it is told too where
 * the database is that does not answer, and in whose words.
 */
export function healthRoutes(health: Pick<SchemaHealthMonitor, 'check'>, events: EventsLink, replicas: Pick<Replicas, 'states'>, { authenticator, origin }: Access): Router {
  const router = Router();
  const check = async (request: Request) => {
    const report = await health.check();
    if (report.status !== 'UNREACHABLE') return report;
    const isKnown = await authenticator.identify(credentialsOf(request, origin).token).then((identity) => identity !== null, () => false);
    return isKnown ? report : { ...report, summary: unreachable, error: null };
  };

  router.get('/live', (_request, response) => {
    response.json({ live: true });
  });

  router.get('/ready', async (request, response) => {
    const { status, summary, features } = await check(request);
    const failing = features.filter(({ ready }) => !ready);
    const ready = status !== 'UNREACHABLE' && (features.length === 0 || failing.length < features.length);
    const { broker, connected } = events.status;
    // Without its broker the server finds by polling what it would have been told: late, and complete.
    response.status(ready ? 200 : 503).json({ ready, status, ...(ready ? {} : { reason: summary }), notReady: failing, events: { broker, connected }, replicas: replicas.states() });
  });

  router.get('/schema', async (request, response) => {
    const report = await check(request);
    const works = report.status === 'READY' || report.status === 'DRIFTED';
    response.status(works ? 200 : 503).json(forEverybody(report));
  });

  return router;
}

const unreachable = 'The database does not answer. Send a token to be told more, or read the log.';

/** Other sessions' statements are for who has a token, and asks GraphQL. */
function forEverybody(report: SchemaHealthReport): SchemaHealthReport {
  return {
    ...report,
    blockers: report.blockers.map((blocker) => ({ ...blocker, query: null })),
    drift: report.drift.map((drift) => ({ ...drift, change: drift.change && { ...drift.change, statement: null } })),
  };
}
