import { Router } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { SchemaHealthMonitor } from '../health/health.ts';
import type { Replicas } from '../replicas/openReplicas.ts';
import { addAdmissionMetrics, type Places } from './admissionMetrics.ts';
import { addEventsMetrics, type EventsLink } from './eventsMetrics.ts';
import { addReplicaMetrics } from './replicaMetrics.ts';
import { addSchemaMetrics } from './schemaMetrics.ts';
import { addWorkMetrics, type ReadWorkload } from './workMetrics.ts';

export interface Metrics {
  routes: Router;
  /** counts a GraphQL request over HTTP */
  observe(method: string, seconds: number, failed: boolean): void;
}

/** GET /metrics for Prometheus. */
export function createMetrics(health: Pick<SchemaHealthMonitor, 'latest'>, events: EventsLink, replicas: Pick<Replicas, 'states' | 'counts'>, places: Readonly<Record<'operations' | 'imports' | 'exports' | 'inbound', Places>>, readWork: ReadWorkload): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'outrider_graphql_seconds',
    help: 'Duration of GraphQL requests over HTTP.',
    labelNames: ['method', 'failed'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  addSchemaMetrics(registry, health);
  addEventsMetrics(registry, events);
  addReplicaMetrics(registry, replicas);
  addAdmissionMetrics(registry, places);
  addWorkMetrics(registry, readWork);
  const routes = Router();
  routes.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return {
    routes,
    observe: (method, seconds, failed) => requests.observe({ method, failed: String(failed) }, seconds),
  };
}
