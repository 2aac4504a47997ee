import { Router } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SchemaHealthMonitor } from '../health/health.ts';

export interface Metrics {
  routes: Router;
  /** counts a GraphQL request over HTTP */
  observe(method: string, seconds: number, failed: boolean): void;
}

const statuses = ['READY', 'DRIFTED', 'BROKEN', 'UNVERIFIED', 'UNREACHABLE'] as const;

/** GET /metrics for Prometheus. */
export function createMetrics(health: Pick<SchemaHealthMonitor, 'latest'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'outrider_graphql_seconds',
    help: 'Duration of GraphQL requests over HTTP.',
    labelNames: ['method', 'failed'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  new Gauge({
    name: 'outrider_schema_status',
    help: '1 for the verdict of the last schema check.',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      for (const status of statuses) this.set({ status }, health.latest?.status === status ? 1 : 0);
    },
  });
  new Gauge({
    name: 'outrider_feature_ready',
    help: '1 for a feature that works.',
    labelNames: ['feature'],
    registers: [registry],
    collect() {
      for (const { feature, ready } of health.latest?.features ?? []) this.set({ feature }, ready ? 1 : 0);
    },
  });
  const routes = Router();
  routes.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return {
    routes,
    observe: (method, seconds, failed) => requests.observe({ method, failed: String(failed) }, seconds),
  };
}
