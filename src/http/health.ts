import { Router } from 'express';
import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
import type { Replicas } from '../replicas/openReplicas.ts';
import type { EventsLink } from './eventsMetrics.ts';

/** GET /health/live, /health/ready and /health/schema; without a token, for load balancers. */
export function healthRoutes(health: Pick<SchemaHealthMonitor, 'check'>, events: EventsLink, replicas: Pick<Replicas, 'states'>): Router {
  const router = Router();

  router.get('/live', (_request, response) => {
    response.json({ live: true });
  });

  router.get('/ready', async (_request, response) => {
    const { status, summary, features } = await health.check();
    const failing = features.filter(({ ready }) => !ready);
    const ready = status !== 'UNREACHABLE' && (features.length === 0 || failing.length < features.length);
    const { broker, connected } = events.status;
    // Without its broker the server finds by polling what it would have been told: late, and complete.
    response.status(ready ? 200 : 503).json({ ready, status, ...(ready ? {} : { reason: summary }), notReady: failing, events: { broker, connected }, replicas: replicas.states() });
  });

  router.get('/schema', async (_request, response) => {
    const report = await health.check();
    const works = report.status === 'READY' || report.status === 'DRIFTED';
    response.status(works ? 200 : 503).json(forEverybody(report));
  });

  return router;
}

/** Other sessions' statements are for who has a token, and asks GraphQL. */
function forEverybody(report: SchemaHealthReport): SchemaHealthReport {
  return {
    ...report,
    blockers: report.blockers.map((blocker) => ({ ...blocker, query: null })),
    drift: report.drift.map((drift) => ({ ...drift, change: drift.change && { ...drift.change, statement: null } })),
  };
}
