import { Counter, Gauge, type Registry } from 'prom-client';

/** What carries notices between processes, and whether it does. */
export interface EventsLink {
  readonly status: { broker: string; connected: boolean; failures: number };
}

export function addEventsMetrics(registry: Registry, events: EventsLink): void {
  const registers = [registry];
  new Gauge({
    name: 'outrider_events_connected',
    help: '1 while notices of other processes come in; else what they would have said is found by polling.',
    labelNames: ['broker'],
    registers,
    collect() {
      const { broker, connected } = events.status;
      this.set({ broker }, connected ? 1 : 0);
    },
  });
  new Counter({
    name: 'outrider_events_failures_total',
    help: 'How often the connection to what carries notices was lost or could not be opened.',
    labelNames: ['broker'],
    registers,
    collect() {
      const { broker, failures } = events.status;
      this.reset();
      this.inc({ broker }, failures);
    },
  });
}
