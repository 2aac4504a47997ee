import type { MikroORM } from '@mikro-orm/postgresql';
import type { Outreach } from '../config/outreach.ts';
import { Conflation } from '../events/conflation.ts';
import type { Events } from '../events/events.ts';
import type { SchemaHealthMonitor } from '../health/health.ts';
import type { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import { Loaders } from '../loaders/Loaders.ts';
import type { Queue } from '../queue/queue.ts';
import type { Replicas } from '../replicas/openReplicas.ts';
import type { SchemaHealthReport } from '../resolvers/context.ts';
import type { Actor } from '../services/context.ts';
import type { DraftWatch } from '../services/drafts/watchDrafts.ts';
import type { JobWatch } from '../services/watchJobs.ts';
import type { ServerContext } from './context.ts';

export interface Resources {
  orm: MikroORM;
  health: SchemaHealthMonitor;
  repairs: SchemaRepairs;
  queue: Queue;
  events: Events;
  replicas: Replicas;
  jobs: JobWatch;
  drafts: DraftWatch;
  outreach: Outreach;
}

/** What a client that knows of positions says and is told. */
export interface PositionExchange {
  /** that it was told last */
  given?: number;
  /** tells it that it wrote */
  answer(position: number): void;
}

/** The context of one request, or of one operation on a socket. */
export function createContext({ orm, health, repairs, queue, events, replicas, jobs, drafts, outreach }: Resources, actor: Actor, positions?: PositionExchange): ServerContext {
  const reads = replicas.readsFor(actor.name, positions?.given);
  const context: ServerContext = {
    actor,
    get db() {
      return reads.db;
    },
    loaders: new Loaders(),
    refresh: () => {
      context.loaders = new Loaders();
    },
    services: () => ({ em: orm.em.fork(), actor, outreach, queue, events }),
    repairs: () => ({ repairs, actor }),
    jobs,
    drafts,
    schemaHealth: (options) => health.check(options) as Promise<SchemaHealthReport>,
    schemaDriftHistory: (first) => health.history(first),
    schemaRepairs: (first) => health.repairs(first),
    replicas: () => replicas.states(),
    schemaHealthChanges() {
      const reports = new Conflation<'report', SchemaHealthReport>(() => stop());
      const stop = health.onChange((report) => reports.put('report', report as SchemaHealthReport));
      return reports;
    },
    missingFor: (coordinate) => health.missingFor(coordinate),
    usePrimary: () => reads.usePrimary(),
    async writing(run) {
      reads.usePrimary();
      try {
        return await run();
      } finally {
        const position = await replicas.passed(actor.name);
        if (position !== null) positions?.answer(position);
      }
    },
    isSchemaBroken: () => health.isBroken,
    async lacking(coordinates, options) {
      if (health.missingFor(coordinates, options) === null) return null;
      await health.check();
      return health.missingFor(coordinates, options);
    },
    async explain({ message }, coordinates) {
      await health.check({ refresh: true });
      return health.missingFor(coordinates) ?? health.missingIn(message);
    },
  };
  return context;
}
