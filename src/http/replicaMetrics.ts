import { Counter, Gauge, type Registry } from 'prom-client';
import type { Replicas } from '../replicas/openReplicas.ts';

/** What Prometheus sees of the read replicas. Nothing asks them: the server watches them anyway. */
export function addReplicaMetrics(registry: Registry, replicas: Pick<Replicas, 'states' | 'counts'>): void {
  const registers = [registry];
  new Gauge({
    name: 'outrider_replica_in_use',
    help: '1 for a replica that serves reads.',
    labelNames: ['replica'],
    registers,
    collect() {
      for (const { name, inUse } of replicas.states()) this.set({ replica: name }, inUse ? 1 : 0);
    },
  });
  new Gauge({
    name: 'outrider_replica_lag_seconds',
    help: 'How long ago the primary was where the replica is now; absent when it is not known.',
    labelNames: ['replica'],
    registers,
    collect() {
      this.reset();
      for (const { name, lagMs } of replicas.states()) if (lagMs !== null) this.set({ replica: name }, lagMs / 1000);
    },
  });
  new Gauge({
    name: 'outrider_replica_lag_bytes',
    help: 'What the replica has still to replay; absent when it is not known.',
    labelNames: ['replica'],
    registers,
    collect() {
      this.reset();
      for (const { name, lagBytes } of replicas.states()) if (lagBytes !== null) this.set({ replica: name }, lagBytes);
    },
  });
  new Counter({
    name: 'outrider_reads_total',
    help: 'Statements of queries, by the server that answered them.',
    labelNames: ['server'],
    registers,
    collect() {
      this.reset();
      for (const { name, statements } of replicas.counts()) this.inc({ server: name }, statements);
    },
  });
}
