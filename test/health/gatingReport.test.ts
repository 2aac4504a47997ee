import { beforeAll, describe, expect, test } from '@jest/globals';
import { formatReport } from '../../src/health/formatReport.ts';
import type { SchemaHealthReport } from '../../src/health/health.ts';
import { startRefusal } from '../../src/health/startRefusal.ts';
import { reportAfter } from './support.ts';

let report: SchemaHealthReport;
beforeAll(async () => {
  report = await reportAfter(
    'create rule swallow as on insert to jobs do instead nothing',
    'alter table jobs drop column drafts_created cascade',
    'drop table social_profiles cascade',
    'drop index prospects_search',
    'create table leftover (a int)',
    'create table another (a int)',
  );
});

const sectionOf = (text: string, start: string) => text.split('\n\n').find((section) => section.includes(start));

describe('the report for a terminal', () => {
  test('numbers the causes by what they do to people', () => {
    expect(formatReport(report).match(/^\d+\. \w+/gm)).toEqual(['1. LOST_WRITE', '2. FAILS', '3. FAILS', '4. SLOW']);
  });

  test('says which features a cause takes down, with its consequences', () => {
    expect(sectionOf(formatReport(report), 'social_profiles (16 columns)')).toMatch(/^ {2}takes down {2}social pipeline$/m);
  });

  test('puts what people do before what they see', () => {
    expect(sectionOf(formatReport(report), 'The column jobs.drafts_created')).toMatch(/^ {2}affects {5}Mutation\.startDraftJob; Job\.draftsCreated$/m);
  });

  test('shows the first steps of a long fix, and that there are more', () => {
    expect(sectionOf(formatReport(report), 'social_profiles (16 columns)')).toMatch(/and \d+ more steps; "outrider schema repair" shows them whole/);
  });

  test('has what does no harm in one line', () => {
    expect(formatReport(report)).toMatch(/^ {2}harmless {4}EXTRA_TABLE:another, EXTRA_TABLE:leftover$/m);
  });

  test('ends with the command that runs this very plan', () => {
    expect(formatReport(report).trim().split('\n').at(-1)).toContain(`outrider schema repair --apply ${report.planHash}`);
  });

  test('keeps to 100 columns, but for statements', () => {
    const long = formatReport(report).split('\n').filter((line) => line.length > 100 && !/^ {2}(fix|then) /.test(line));
    expect(long).toEqual([]);
  });

  test('names who holds what could not be read, and how to end it', () => {
    const blocker = { user: 'ada', applicationName: null, query: null, heldForMs: 200_000, objects: ['jobs', 'prospects'] };
    const text = formatReport({
      ...report,
      unverified: ['jobs', 'prospects'].map((object) => ({ object, reason: 'another session holds it' })),
      blockers: [{ ...blocker, pid: 4711, preparedTransaction: null }, { ...blocker, pid: null, preparedTransaction: 'import 7' }],
    });
    expect(sectionOf(text, 'not read')?.replaceAll(/\n\s+/g, ' ').split('held by').map((part) => part.trim())).toEqual([
      'not read    jobs, prospects: another session holds it',
      'process 4711 (ada, unnamed) holds jobs, prospects for 3 min; "select pg_terminate_backend(4711)" ends it',
      'the prepared transaction import 7 holds jobs, prospects for 3 min; "rollback prepared \'import 7\'" ends it',
    ]);
  });
});

describe('why a server does not start', () => {
  test('names each missing object, the operations, the command and the way to serve meanwhile', () => {
    expect(startRefusal(report)).toMatch(
      /SCHEMA_POLICY is strict:\n {2}jobs: The rule[^]+jobs\.drafts_created:[^]+Operations that cannot work: Mutation\.[^]+"outrider schema repair"[^]+SCHEMA_POLICY=degrade\.$/,
    );
  });

  test('is said of a lost key that upserts need', async () => {
    const lost = await reportAfter('alter table prospects drop constraint prospects_canonical_key');
    const drift = lost.drift.map((item) => ({ ...item, affects: ['Mutation.createProspect'] }));
    expect(startRefusal({ ...lost, drift })).toContain('Mutation.createProspect');
  });
});
