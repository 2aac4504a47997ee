import type { MikroORM } from '@mikro-orm/postgresql';
import type { Outreach } from '../config/outreach.ts';
import type { Role } from '../domain/enums.ts';
import { Conflation } from '../events/conflation.ts';
import type { Events } from '../events/events.ts';
import type { SchemaHealthMonitor } from '../health/health.ts';
import type { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import type { RequestScope } from '../limits/RequestScope.ts';
import { Loaders } from '../loaders/Loaders.ts';
import type { Queue } from '../queue/queue.ts';
import type { Replicas } from '../replicas/openReplicas.ts';
import type { RequestReads } from '../replicas/RequestReads.ts';
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

/** What there is with the client besides the answer: positions, for one that knows of them, and that it may leave. */
export interface Exchange {
  /** calls `leave` when the client is gone */
  onLeave(leave: () => void): void;
  /** of the request */
  scope: RequestScope;
  /** that it was told last */
  given?: number;
  /** tells it that it wrote */
  answer(position: number): void;
}

/** The context of one request, or of one operation on a socket. */
export function createContext(resources: Resources, actor: Actor, exchange?: Exchange): ServerContext {
  return contextOf(resources, actor, resources.replicas.readsFor(actor.name, exchange?.given), exchange);
}

/** The context of an event that is told to everybody with this role. */
export function createSharedContext(resources: Resources, role: Role): ServerContext {
  const reads = resources.replicas.readsFor('');
  // Events are of the primary, and so is what is shown with them.
  reads.usePrimary();
  return contextOf(resources, anybodyWith(role), reads);
}

/** Nobody's name is told to what answers for all of a role: asked for one, it fails instead of answering for somebody else. */
export function anybodyWith(role: Role): Actor {
  return new Anybody(role);
}

class Anybody implements Actor {
  readonly role: Role;

  constructor(role: Role) {
    this.role = role;
  }

  get name(): never {
    throw new Error('What a subscription answers is shared by everybody of a role: it must not depend on a name.');
  }
}

function contextOf({ orm, health, repairs, queue, events, replicas, jobs, drafts, outreach }: Resources, actor: Actor, reads: RequestReads, exchange?: Exchange): ServerContext {
  const loaders = new Loaders();
  return {
    actor,
    db: reads.db,
    onLeave: exchange?.onLeave,
    scope: exchange?.scope,
    loaders,
    refresh: () => loaders.forget(),
    services: () => ({ em: orm.em.fork(), actor, outreach, queue, events }),
    repairs: () => ({ repairs, actor }),
    jobs,
    drafts,
    schemaHealth: (options) => health.check(options) as Promise<SchemaHealthReport>,
    schemaDriftHistory: (first) => health.history(first),
    schemaRepairs: (first) => health.repairs(first),
    replicas: () => replicas.states(),
    schemaHealthChanges() {
      const reports = new Conflation<SchemaHealthReport>({ onEnd: () => stop() });
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
        const position = await replicas.passed([actor.name]);
        if (position !== null) exchange?.answer(position);
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
}
