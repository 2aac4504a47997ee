import type { MikroORM } from '@mikro-orm/postgresql';
import type { OperationMap } from '../health/health.ts';
import { drafts } from '../queries/drafts.ts';
import { filterColumns } from '../queries/filterColumns.ts';
import { jobFailures } from '../queries/jobFailures.ts';
import { jobs } from '../queries/jobs.ts';
import { prospects } from '../queries/prospects.ts';
import type { ReadModel } from '../queries/readModel.ts';
import { socialProfiles } from '../queries/socialProfiles.ts';

const models: readonly ReadModel[] = [prospects, socialProfiles, drafts, jobs, jobFailures];

/** Where the rows of a table come out, whatever is selected of them. */
const roots: Readonly<Record<string, readonly string[]>> = {
  prospects: ['Query.prospect', 'Query.prospects', 'Query.pipelineStatus', 'Query.previewDraft', 'SocialProfile.prospect', 'Draft.prospect'],
  social_profiles: ['Query.socialProfile', 'Query.socialProfiles', 'Prospect.socialProfiles', 'Draft.socialProfile'],
  email_drafts: ['Query.draft', 'Query.drafts', 'Prospect.drafts'],
  social_drafts: ['Query.draft', 'Query.drafts', 'Prospect.drafts', 'SocialProfile.latestDraft'],
  jobs: ['Query.job', 'Query.jobs', 'Query.pipelineStatus', 'Draft.job', 'Job.retryOf', 'Subscription.jobProgress', 'Subscription.jobsChanged'],
  job_targets: ['Job.failures'],
  workers: ['Query.workers', 'Job.waitingFor'],
};

/** What no row of a table is found or ordered without. */
const always: readonly string[] = ['id', 'created_at'];

/** Columns that more than their field needs. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'prospects.stage': ['Query.pipelineStatus'],
  'prospects.source_type': ['Query.pipelineStatus'],
  'jobs.status': ['Query.pipelineStatus'],
  ...reads('workers', ['Query.workers', 'Job.waitingFor'], 'id', 'name', 'version', 'started_at', 'seen_at', 'running_chunks'),
  ...reads(
    'jobs', ['Subscription.jobProgress', 'Subscription.jobsChanged'],
    'status', 'sequence', 'total_targets', 'processed', 'failed_count', 'skipped_count', 'drafts_created', 'started_at', 'finished_at', 'updated_at',
  ),
};

const prospectWrites = ['prospects', 'social_profiles', 'activities'];
const jobSteps = ['jobs', 'job_chunks', 'activities'];
const jobStarts = ['jobs', 'job_chunks', 'idempotency_keys', 'settings', 'pgboss.job', 'pgboss.queue'];

/** Mutation → the tables that it cannot do without. */
const writes: Readonly<Record<string, readonly string[]>> = {
  createProspect: prospectWrites,
  updateProspect: prospectWrites,
  deleteProspects: [...prospectWrites, 'email_messages', 'social_messages'],
  reviewProspects: ['prospects', 'activities'],
  importProspects: [...prospectWrites, ...jobStarts, 'job_targets'],
  startDraftJob: [...jobStarts, 'prospects', 'social_profiles', 'email_drafts', 'social_drafts', 'job_targets'],
  retryJob: [...jobStarts, 'job_targets'],
  pauseJob: jobSteps,
  resumeJob: jobSteps,
  cancelJob: jobSteps,
};

/** The columns of each table, as the entities have them. */
function columnsOf(orm: MikroORM): Record<string, string[]> {
  const entities = [...orm.getMetadata().getAll().values()].filter(({ abstract }) => !abstract);
  return Object.fromEntries(entities.map(({ tableName, props }) => [tableName, props.flatMap(({ fieldNames }) => fieldNames ?? [])]));
}

/**
 * "table" and "table.column" → the GraphQL coordinates that cannot work without it, from the maps that the statements are
 * made of. A mutation needs every column of the tables that it writes.
 */
export function operationMap(orm: MikroORM): OperationMap {
  const columns = columnsOf(orm);
  const map = new Map<string, Set<string>>();
  const add = (object: string, ...coordinates: readonly string[]) => {
    const known = map.get(object) ?? new Set();
    map.set(object, known);
    coordinates.forEach((coordinate) => known.add(coordinate));
  };
  for (const model of models) addModel(model, add);
  for (const [filter, fields] of Object.entries(filterColumns)) {
    for (const [field, columnsRead] of Object.entries(fields)) {
      for (const column of columnsRead) add(column, `${filter}.${field}`);
    }
  }
  for (const [object, coordinates] of Object.entries(needs)) {
    add(object, ...coordinates);
    add(object.slice(0, object.lastIndexOf('.')), ...coordinates);
  }
  for (const [table, coordinates] of Object.entries(roots)) {
    add(table, ...coordinates);
    for (const column of always) if (columns[table]?.includes(column)) add(`${table}.${column}`, ...coordinates);
  }
  for (const [mutation, tables] of Object.entries(writes)) {
    for (const table of tables) {
      for (const object of [table, ...(columns[table] ?? []).map((column) => `${table}.${column}`)]) add(object, `Mutation.${mutation}`);
    }
  }
  return Object.fromEntries([...map].map(([object, coordinates]) => [object, [...coordinates].sort()]));
}

function addModel({ type, sources, orders, orderEnum }: ReadModel, add: (object: string, coordinate: string) => void): void {
  for (const { table, fields } of sources) {
    for (const [field, { columns }] of Object.entries(fields)) {
      for (const column of columns) {
        add(column, `${type}.${field}`);
        add(column.split('.')[0]!, `${type}.${field}`);
      }
    }
    for (const [order, { columns }] of Object.entries(orderEnum ? orders : {})) {
      for (const column of columns) add(`${table}.${column}`, `${orderEnum}.${order}`);
    }
  }
}

function reads(table: string, coordinates: readonly string[], ...columns: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(columns.map((column) => [`${table}.${column}`, coordinates]));
}
