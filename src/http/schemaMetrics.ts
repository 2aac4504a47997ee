import { Gauge, type Registry } from 'prom-client';
import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';

const statuses: readonly SchemaHealthReport['status'][] = ['READY', 'DRIFTED', 'BROKEN', 'UNVERIFIED', 'UNREACHABLE'];

/** What Prometheus sees of the last schema check. Nothing asks the database: a server watches anyway. */
export function addSchemaMetrics(registry: Registry, health: Pick<SchemaHealthMonitor, 'latest'>): void {
  const registers = [registry];
  const latest = () => health.latest;
  new Gauge({
    name: 'outrider_schema_status',
    help: '1 for the verdict of the last schema check.',
    labelNames: ['status'],
    registers,
    collect() {
      for (const status of statuses) this.set({ status }, latest()?.status === status ? 1 : 0);
    },
  });
  new Gauge({
    name: 'outrider_schema_drift',
    help: 'Differences between the live schema and the expected one.',
    labelNames: ['severity', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { severity, kind } of latest()?.drift ?? []) this.inc({ severity, kind });
    },
  });
  new Gauge({
    name: 'outrider_schema_unverified',
    help: 'Parts of the schema that the last check could not read.',
    registers,
    collect() {
      this.set(latest()?.unverified.length ?? 0);
    },
  });
  new Gauge({
    name: 'outrider_feature_ready',
    help: '1 for a feature that works.',
    labelNames: ['feature'],
    registers,
    collect() {
      for (const { feature, ready } of latest()?.features ?? []) this.set({ feature }, ready ? 1 : 0);
    },
  });
  new Gauge({
    name: 'outrider_schema_check_duration_seconds',
    help: 'How long the last schema check took.',
    registers,
    collect() {
      const report = latest();
      if (report) this.set(report.durationMs / 1000);
    },
  });
  new Gauge({
    name: 'outrider_schema_check_age_seconds',
    help: 'How long ago the schema was last checked; it grows when nothing watches.',
    registers,
    collect() {
      const report = latest();
      if (report) this.set((Date.now() - report.checkedAt.getTime()) / 1000);
    },
  });
}
