import { Counter, Gauge, type Registry } from 'prom-client';

export interface Places {
  /** operations that run now, and those that found no place so far */
  readonly counts: { running: number; refused: number };
}

/** What Prometheus sees of how much a server has to do. */
export function addAdmissionMetrics(registry: Registry, admission: Places): void {
  const registers = [registry];
  new Gauge({
    name: 'outrider_operations_running',
    help: 'GraphQL operations over HTTP that run now.',
    registers,
    collect() {
      this.set(admission.counts.running);
    },
  });
  new Counter({
    name: 'outrider_operations_refused_total',
    help: 'GraphQL operations that were told to come later, because LIMIT_OPERATIONS ran already.',
    registers,
    collect() {
      this.reset();
      this.inc(admission.counts.refused);
    },
  });
}
