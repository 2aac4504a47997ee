import { GraphQLError, parse, subscribe, validate, type ExecutionResult } from 'graphql';
import type pg from 'pg';
import { buildSchema } from '../../../src/app/buildSchema.ts';
import type { ServerContext } from '../../../src/app/context.ts';
import type { Outreach } from '../../../src/config/outreach.ts';
import { createExecutor } from '../../../src/execution/executor.ts';
import { operationMap } from '../../../src/app/operations.ts';
import { createContext, type Resources } from '../../../src/app/requestContext.ts';
import { JobType, Role } from '../../../src/domain/enums.ts';
import { createOrm } from '../../../src/database/createOrm.ts';
import type { Events } from '../../../src/events/events.ts';
import { createSchemaHealth, type SchemaHealthMonitor } from '../../../src/health/health.ts';
import { createQueue, type Queue } from '../../../src/queue/queue.ts';
import { openReplicas } from '../../../src/replicas/openReplicas.ts';
import { findRunnableJobs } from '../../../src/services/findRunnableJobs.ts';
import { Leases } from '../../../src/services/leases.ts';
import { reportWorker } from '../../../src/services/reportWorker.ts';
import { Slots } from '../../../src/services/workerContext.ts';
import { runJob } from '../../../src/tasks/runJob.ts';
import { mailOutreach, openMailSink, type MailSink } from '../../sending/support.ts';
import { openGate } from '../../support/openGate.ts';
import { WebhookServer } from '../../support/webhookServer.ts';
import { wordsFor, type Break } from './breaks.ts';
import { firstEvent } from './firstEvent.ts';
import { asker, makeFixtures, worker, type Fixtures } from './fixtures.ts';
import { everyGroup, everyProbe } from './probes.ts';
import type { Probe } from './probe.ts';
import { openServed, type Served } from './served.ts';
import { site } from './site.ts';
import { statementsOf } from './statementsOf.ts';

const actor = { name: asker, role: Role.ADMIN };
const log = { info: () => {}, warn: () => {} };
const noEvents: Events = { publish: () => {}, subscribe: () => () => {}, close: async () => {} };

/** Milliseconds for which a worker may try: one that fails goes on trying much longer. */
const patienceMs = 3_000;

/** A row that holds the renamed value, which says nothing of a schema that lacks the value. */
const holdsUnknown = /cannot represent value|Cannot (read properties|destructure)/;

/** All that the fixtures and the operations fill: each by name, as what refers to another is not emptied with it once the key is lost. */
const filled = [
  'prospects', 'social_profiles', 'email_drafts', 'email_draft_versions', 'social_drafts', 'social_draft_versions', 'jobs', 'job_chunks', 'job_targets', 'activities', 'idempotency_keys',
  'workers', 'suppressions', 'inbound_messages', 'email_messages', 'social_messages', 'discovery_queries', 'social_discovery_jobs', 'scraper_history', 'senders', 'settings', 'templates', 'saved_filters',
  'webhooks', 'webhook_deliveries', 'api_keys', 'mailboxes',
];

/** What a break did: by prediction and in truth. */
export interface Outcome {
  broken: Break;
  /** names of probes that failed, or did something else than they said */
  failed: string[];
  /** names of probes of which a coordinate was said not to work */
  predicted: string[];
  /** why each of them failed */
  reasons: Record<string, string>;
}

interface Trying {
  probes: readonly Probe[];
  /** to find out what each probe needs */
  learning?: true;
  /** answers of reads by the name of their probe */
  before?: ReadonlyMap<string, string> | null;
}

/** Where messages go. */
interface Outside {
  mails: MailSink;
  posts: WebhookServer;
}

/** A database of its own, served by a role that owns nothing, with the API in this process and nothing that refuses. */
export class GatingBench {
  readonly role: string;
  readonly probes: readonly Probe[];
  readonly owner: pg.Client;
  readonly health: SchemaHealthMonitor;
  readonly #schema = buildSchema();
  readonly #groups = everyGroup(this.#schema);
  readonly #execute = createExecutor(this.#schema, openGate(this.#schema), { compileFrom: Infinity }).execute;
  readonly #served: Served;
  readonly #outside: Outside;
  #orm: Resources['orm'];
  #queue: Queue;
  /** what each probe needs, as the guard sees it */
  readonly #coordinates = new Map<string, Set<string>>();
  /** what each probe sends */
  readonly #statements = new Map<string, string>();

  private constructor(served: Served, orm: Resources['orm'], outside: Outside) {
    const { url, role, owner } = served;
    this.role = role;
    this.owner = owner;
    this.#served = served;
    this.#outside = outside;
    this.#orm = orm;
    this.#queue = createQueue({ url, log });
    this.probes = everyProbe(this.#schema);
    this.health = createSchemaHealth({ url, policy: 'DEGRADE', operations: operationMap(orm), log, deadline: 30_000 });
    for (const { name, document } of [...this.probes, ...this.#groups]) {
      const [wrong] = validate(this.#schema, parse(document));
      if (wrong) throw new Error(`${name}: ${wrong.message}`);
    }
  }

  static async open(): Promise<GatingBench> {
    const [served, mails, posts] = await Promise.all([openServed(), openMailSink(), WebhookServer.open()]);
    return new GatingBench(served, await connect(served), { mails, posts });
  }

  async close(): Promise<void> {
    await this.health.close();
    await this.#queue.close();
    await this.#orm.close(true);
    await this.#served.drop();
    await Promise.all([this.#outside.mails.close(), this.#outside.posts.close(), site.close()]);
  }

  /** On a sound schema every probe has to work; it also tells which coordinates each one needs. */
  async learn(): Promise<Record<string, string>> {
    const together = await this.#fineTogether(await makeFixtures(this.owner), this.probes);
    await this.#empty();
    const failures = await this.#failures(await makeFixtures(this.owner), { probes: this.probes, learning: true });
    await this.#empty();
    const apart = this.#groups.flatMap(({ members }) => members).filter((name) => !together.has(name));
    return { ...Object.fromEntries(apart.map((name) => [name, 'not together with others'])), ...failures };
  }

  async measure(broken: Break): Promise<Outcome> {
    const fixtures = await makeFixtures(this.owner);
    const probes = this.#reachedBy(broken);
    const before = broken.quiet ? await this.#answers(fixtures, probes) : null;
    await this.#apply(broken.sql);
    if (broken.object.startsWith('pgboss')) await this.#restartQueue();
    try {
      const { drift, error } = await this.health.check({ refresh: true });
      if (error !== null) throw new Error(error);
      const affected = new Set(drift.flatMap(({ affects }) => affects));
      const failures = Object.entries(await this.#failures(fixtures, { probes, before }));
      const unclear = new Set(failures.filter(([, reason]) => broken.class === 'enum value' && holdsUnknown.test(reason)).map(([name]) => name));
      const reasons = Object.fromEntries(failures.filter(([name]) => !unclear.has(name)));
      // That rows are hidden need not change what is read of the few that are here.
      const isTellable = ({ name, wrote }: Probe) => !unclear.has(name) && (before === null || wrote !== undefined || name in reasons);
      const predicted = this.probes.filter((probe) => isTellable(probe) && [...this.#coordinates.get(probe.name)!].some((coordinate) => affected.has(coordinate)));
      return { broken, predicted: predicted.map(({ name }) => name), failed: Object.keys(reasons), reasons };
    } finally {
      // Rows that a lost key let in stand in the way of its return.
      if (broken.class === 'key') await this.#empty();
      await this.#apply(broken.undo);
      await this.#empty();
      if (broken.confuses) await this.#reconnect();
    }
  }

  async #empty(): Promise<void> {
    await this.owner.query(`truncate ${filled.join(', ')} cascade`);
  }

  async #apply(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.owner.query(statement);
  }

  async #reconnect(): Promise<void> {
    await this.#orm.close(true);
    this.#orm = await connect(this.#served);
  }

  /** It remembers queues that it has seen. */
  async #restartQueue(): Promise<void> {
    await this.#queue.close();
    this.#queue = createQueue({ url: this.#served.url, log });
    await this.owner.query('delete from pgboss.job; delete from pgboss.queue').catch(() => {});
  }

  /** What does not even name the table cannot fail for it. */
  #reachedBy({ object }: Break): Probe[] {
    const words = wordsFor(object);
    return this.probes.filter(({ name, isTrue }) => words === null || isTrue || words.test(this.#statements.get(name)!));
  }

  async #answers(fixtures: Fixtures, probes: readonly Probe[]): Promise<Map<string, string>> {
    const reads = probes.filter(({ wrote, isTrue }) => !wrote && !isTrue);
    return new Map(await aFewAtOnce(reads, async (probe) => [probe.name, JSON.stringify((await this.#run(probe, fixtures)).data)] as const));
  }

  async #failures(fixtures: Fixtures, options: Trying): Promise<Record<string, string>> {
    const reasons: Record<string, string> = {};
    const { probes, learning, before } = options;
    const tryOne = async (probe: Probe) => {
      const reason = await this.#failure(probe, fixtures, options);
      if (reason !== null) reasons[probe.name] = reason;
    };
    await reportWorker(this.#orm.em.fork().getKysely<any>(), { id: worker, name: 'worker', version: '1', runningChunks: 0 }).catch(() => {});
    if (learning) {
      for (const probe of probes) this.#statements.set(probe.name, await statementsOf(() => tryOne(probe)));
      return reasons;
    }
    const fine = before ? new Set() : await this.#fineTogether(fixtures, probes);
    await aFewAtOnce(probes.filter(({ name, wrote }) => !wrote && !fine.has(name)), tryOne);
    for (const probe of probes.filter(({ wrote }) => wrote)) await tryOne(probe);
    return reasons;
  }

  /** Names of reads that work because one works that reads all that they read. */
  async #fineTogether(fixtures: Fixtures, probes: readonly Probe[]): Promise<Set<string>> {
    const groups = this.#groups.filter(({ members }) => probes.some(({ name }) => members.includes(name)));
    const works = await aFewAtOnce(groups, async (group) => ((await this.#run(group, fixtures)).errors ? [] : group.members));
    return new Set(works.flat());
  }

  async #failure(probe: Probe, fixtures: Fixtures, { learning, before }: Trying): Promise<string | null> {
    const coordinates = learning ? new Set<string>() : undefined;
    if (coordinates) this.#coordinates.set(probe.name, coordinates);
    const [activities, deliveries] = probe.wrote ? [await this.#countOf('activities'), await this.#countOf('webhook_deliveries')] : [];
    const { data, errors } = await this.#run(probe, fixtures, coordinates);
    if (errors?.length) return errors[0]!.originalError?.message ?? errors[0]!.message;
    const [answer] = Object.values((data ?? {}) as Record<string, any>);
    if (answer?.userErrors?.length) return answer.userErrors[0].message;
    if (probe.isTrue && !probe.isTrue(data)) return 'said what is not true';
    if (!probe.wrote) return before?.has(probe.name) && before.get(probe.name) !== JSON.stringify(data) ? 'another answer than before' : null;
    if (activities === (await this.#countOf('activities'))) return 'nobody will know who did it';
    try {
      const jobId = probe.works ? await this.#work(probe.works) : null;
      if (!(await probe.wrote(this.owner, fixtures, { jobId }))) return 'said that it was done, and it was not';
      return probe.tells && deliveries === (await this.#countOf('webhook_deliveries')) ? 'no webhook hears of it' : null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async #countOf(table: string): Promise<number | null> {
    return this.owner.query(`select from ${table}`).then(({ rowCount }) => rowCount, () => null);
  }

  #run(probe: Probe, fixtures: Fixtures, coordinates?: Set<string>): Promise<ExecutionResult> {
    const [document, variables] = [parse(probe.document), probe.variables?.(fixtures)];
    if (!probe.document.startsWith('subscription')) return this.#execute({ document, variables, context: this.#contextOf({}, coordinates) });
    return firstEvent(() => this.#orm.em.fork(), fixtures.readJob, (watches) =>
      subscribe({ schema: this.#schema, document, variableValues: variables, contextValue: this.#contextOf(watches, coordinates) }) as Promise<ExecutionResult>,
    ).catch((error: Error) => ({ errors: [new GraphQLError(error.message, { originalError: error })] }));
  }

  /** @param coordinates gets what is asked whether it works */
  #contextOf(watches: Partial<Pick<Resources, 'jobs' | 'drafts'>>, coordinates?: Set<string>): ServerContext {
    const replicas = openReplicas({ orm: this.#orm, url: '', replicaUrls: [], maxLagMs: 0, events: noEvents, log });
    const resources = { orm: this.#orm, health: this.health, repairs: null as never, queue: this.#queue, events: noEvents, replicas, jobs: null as never, drafts: null as never, outreach: this.#outreach };
    return {
      ...createContext({ ...resources, ...watches }, actor),
      isSchemaBroken: () => coordinates !== undefined,
      lacking: async (asked) => {
        asked.forEach((coordinate) => coordinates?.add(coordinate));
        return null;
      },
      explain: async () => null,
    };
  }

  get #outreach(): Outreach {
    const outreach = mailOutreach(this.#outside.mails.url, { socialWebhook: this.#outside.posts.webhook });
    return { ...outreach, discovery: { ...outreach.discovery, allowedHosts: [site.host] } };
  }

  /** Finds the newest job of a type as a worker does, and works it off; its id. */
  async #work(type: JobType): Promise<string> {
    const db = this.#orm.em.fork().getKysely<any>();
    const jobId = (await findRunnableJobs(db, [type])).at(-1)?.id;
    if (jobId === undefined) throw new Error('a worker would not find the job');
    const context = { em: () => this.#orm.em.fork(), events: noEvents, outreach: this.#outreach, log, leases: new Leases(worker), slots: new Slots(2), connections: new Slots(2), concurrency: 1, stopping: AbortSignal.timeout(patienceMs) };
    await runJob(context, jobId);
    return jobId;
  }
}

/** No more than the pool has connections, so that nothing fails of waiting. */
async function aFewAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 8) results.push(...(await Promise.all(items.slice(start, start + 8).map(work))));
  return results;
}

function connect({ url }: Served): Promise<Resources['orm']> {
  return createOrm({ url, statementTimeoutMs: 5_000 });
}
