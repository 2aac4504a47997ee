import { Counter, Gauge, type Registry } from 'prom-client';

export interface Places {
  /** what runs now, and what found no place so far */
  readonly counts: { running: number; refused: number };
}

/** What Prometheus sees of how much a server has to do. */
export function addAdmissionMetrics(registry: Registry, { operations, ...transfers }: Readonly<Record<'operations' | 'imports' | 'exports' | 'inbound', Places>>): void {
  const registers = [registry];
  new Gauge({
    name: 'outrider_operations_running',
    help: 'GraphQL operations over HTTP that run now.',
    registers,
    collect() {
      this.set(operations.counts.running);
    },
  });
  new Counter({
    name: 'outrider_operations_refused_total',
    help: 'GraphQL operations that were told to come later, because LIMIT_OPERATIONS ran already.',
    registers,
    collect() {
      this.reset();
      this.inc(operations.counts.refused);
    },
  });
  new Gauge({
    name: 'outrider_transfers_running',
    help: 'Imports, exports and mails handed in over HTTP that are in hand now.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const [kind, { counts }] of Object.entries(transfers)) this.set({ kind }, counts.running);
    },
  });
  new Counter({
    name: 'outrider_transfers_refused_total',
    help: 'Imports, exports and mails that were told to come later, because as many were in hand as LIMIT_IMPORTS, LIMIT_EXPORTS or LIMIT_INBOUND allow.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const [kind, { counts }] of Object.entries(transfers)) this.inc({ kind }, counts.refused);
    },
  });
}
