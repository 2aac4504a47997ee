import type { SchemaHealthMonitor, SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { healthOf } from './support.ts';

let database: TestDatabase;
let health: SchemaHealthMonitor;
beforeEach(async () => {
  database = await createTestDatabase();
  health = healthOf(database.url, { pollEvery: 50, policy: 'DEGRADE' });
});
afterEach(async () => {
  await health.close();
  await database.drop();
});

describe('while it is watched', () => {
  test('drift of another session and its mending reach whoever listens, each once', async () => {
    const heard: SchemaHealthReport['status'][] = [];
    health.onChange(({ status }) => heard.push(status));
    await waitFor(() => heard.length === 1);
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    await waitFor(() => heard.length === 2);
    await queryOnce(database.url, 'alter table jobs add column drafts_created int not null default 0');
    await waitFor(() => heard.length === 3);

    // The check that fell with the column is still missing.
    expect(heard).toEqual(['READY', 'BROKEN', 'BROKEN']);
    expect(health.latest?.drift.map(({ id }) => id)).toEqual(['CHECK:jobs#jobs_counters_not_negative']);
  });

  test('a listener that left hears no more', async () => {
    const heard: string[] = [];
    const leave = health.onChange(({ status }) => heard.push(status));
    await waitFor(() => heard.length === 1);
    leave();
    await queryOnce(database.url, 'drop table workers');
    const report = await health.check({ refresh: true });

    expect(report.status).toBe('BROKEN');
    expect(heard).toEqual(['READY']);
  });

  test('the last report stays true without anybody asking', async () => {
    health.watch();
    await waitFor(() => health.latest?.status === 'READY');
    await queryOnce(database.url, 'drop table workers');

    expect(await waitFor(() => health.latest?.drift[0]?.id)).toBe('MISSING_TABLE:workers');
  });
});

describe('what an operation lacks', () => {
  test('is named with its feature and the command that mends it', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    await health.check({ refresh: true });

    expect(health.missingFor('Mutation.startDraftJob')).toEqual({ feature: 'JOBS', missing: ['jobs.drafts_created'], fix: 'outrider schema repair' });
  });

  test('is nothing for an operation that another table serves', async () => {
    await queryOnce(database.url, 'drop table social_profiles cascade');
    const { features } = await health.check({ refresh: true });

    expect(health.missingFor('Query.prospects')).toBeNull();
    expect(health.missingFor('Query.socialProfiles')?.missing).toEqual(['social_profiles']);
    expect(features.filter(({ ready }) => !ready).map(({ feature }) => feature)).toEqual(['SOCIAL_PIPELINE']);
  });

  test('is nothing once it was mended', async () => {
    await queryOnce(database.url, 'alter table jobs rename column drafts_created to x');
    await health.check({ refresh: true });
    expect(health.missingFor('Job.draftsCreated')).not.toBeNull();
    await queryOnce(database.url, 'alter table jobs rename column x to drafts_created');
    await health.check({ refresh: true });

    expect(health.missingFor('Job.draftsCreated')).toBeNull();
  });

  test('is only writes where only writes fail', async () => {
    await queryOnce(database.url, 'alter table jobs add column blocks text not null');
    await health.check({ refresh: true });

    expect(health.missingFor('Mutation.startDraftJob')).not.toBeNull();
    expect(health.missingFor('Query.jobs')).toBeNull();
  });
});
