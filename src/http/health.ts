import { Router } from 'express';
import type { SchemaHealthMonitor } from '../health/health.ts';

/** GET /health/live, /health/ready and /health/schema; without a token, for load balancers. */
export function healthRoutes(health: Pick<SchemaHealthMonitor, 'check'>): Router {
  const router = Router();

  router.get('/live', (_request, response) => {
    response.json({ live: true });
  });

  router.get('/ready', async (_request, response) => {
    const { status, summary, features } = await health.check();
    const failing = features.filter(({ ready }) => !ready);
    const ready = status !== 'UNREACHABLE' && (features.length === 0 || failing.length < features.length);
    response.status(ready ? 200 : 503).json({ ready, status, ...(ready ? {} : { reason: summary }), notReady: failing });
  });

  router.get('/schema', async (_request, response) => {
    const report = await health.check();
    const works = report.status === 'READY' || report.status === 'DRIFTED';
    // Other sessions' statements are for administrators, who ask GraphQL.
    const blockers = report.blockers.map((blocker) => ({ ...blocker, query: null }));
    response.status(works ? 200 : 503).json({ ...report, blockers });
  });

  return router;
}
