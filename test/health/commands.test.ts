import { join, resolve } from 'node:path';
import type { SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, type Ended } from '../support/program.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

function outrider(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  return runOutrider(args, { DATABASE_URL: database.url, LOG_LEVEL: 'info', DATA_DIR: join(resolve('node_modules/.cache'), 'outrider-health'), ...environment });
}

describe('outrider schema check', () => {
  test('exits 0 when the schema is READY', async () => {
    const { code, out } = await outrider(['schema', 'check']);

    expect(out).toMatch(/^READY /);
    expect(code).toBe(0);
  });

  test('--json prints the report and exits 1 when it is BROKEN, naming operations', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    const { code, out } = await outrider(['schema', 'check', '--json']);
    const report = JSON.parse(out) as SchemaHealthReport;

    expect(report.status).toBe('BROKEN');
    expect(report.drift[0]?.affects).toEqual(expect.arrayContaining(['Mutation.startDraftJob', 'Job.draftsCreated']));
    expect(code).toBe(1);
  });

  test('exits 2 when the database does not answer', async () => {
    const { code, out } = await outrider(['schema', 'check'], { DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/outrider' });

    expect(out).toMatch(/^UNREACHABLE .*nothing listens there/);
    expect(code).toBe(2);
  });
});

describe('outrider serve', () => {
  test('under strict exits 1 before listening and names the column, the operations and the command', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    const { code, out, err } = await outrider(['serve'], { SCHEMA_POLICY: 'strict' });

    expect(code).toBe(1);
    expect(out).not.toContain('Outrider is ready');
    expect(err).toContain('jobs.drafts_created');
    expect(err).toContain('Mutation.startDraftJob');
    expect(err).toContain('Mend it by "outrider schema repair"');
    expect(err).toMatch(/"status":"BROKEN".*"head":"(\w+)","expectedHead":"\1"/);
  });
});
