import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { startOutrider, type Program } from '../support/program.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-demo-'));
// PostgreSQL runs as another user where this is root, and that user has to come through.
chmodSync(dataDir, 0o711);
const running: Program[] = [];

/** The beginning of the sample. */
const count = 40;
const file = join(dataDir, 'projects.csv');
writeFileSync(file, readFileSync('data/sample-projects.csv', 'utf8').split('\n').slice(0, count + 1).join('\n'));

afterEach(() => Promise.all(running.splice(0).map(stop)));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function startDemo(environment: Record<string, string> = {}, from = file): Program {
  const demo = startOutrider(['demo', from], { DATA_DIR: dataDir, ...environment });
  running.push(demo);
  return demo;
}

/** Everything that it said until it was ready. */
const isReady = (demo: Program) => demo.says(/[^]*Ctrl\+C stops it\./);

async function stop({ process: child, ended }: Program): Promise<number | null> {
  child.kill('SIGINT');
  return (await ended).code;
}

test('goes through the whole pipeline without leaving the machine, serves, stops with all it started, and goes on from there the next time', async () => {
  const first = startDemo();
  const said = await isReady(first);
  expect(said).toContain(`Imported ${count} prospects of projects.csv: ${count} created.`);
  expect(said).toContain(`Reviewed ${count} prospects: approved.`);
  expect(said).toContain(`Wrote ${count} drafts; the job is succeeded.`);
  expect(said).toContain(`Approved ${count} drafts.`);
  expect(said).toContain(`${count} mails arrived at the demo's own recipients`);
  // Who answered or is out of reach by mail is not written to on the social channel, which half of them have.
  expect(said).toMatch(/Answers came in: 4 reply, 1 auto reply, 2 bounce\./);
  const posts = Number(/(\d+) social messages arrived/.exec(said)?.[1]);
  expect(posts).toBeGreaterThan(0);
  expect(said).toContain(`Wrote ${count - 6} follow-ups`);

  const [, url, token] = /Open (http:\/\/127\.0\.0\.1:\d+\/)\?token=(\S+)/.exec(said) ?? [];
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: `{ schemaHealth { status } workers { name } pipelineStatus { total stages { stage count } }
        sent: messages(filter: { channel: EMAIL }) { totalCount } posted: messages(filter: { channel: SOCIAL, status: [SENT] }) { totalCount }
        followUps: drafts(filter: { isFollowUp: true, status: [PENDING_REVIEW] }) { totalCount } }`,
    }),
  });
  const { data } = (await response.json()) as { data: any };
  expect(data).toMatchObject({
    schemaHealth: { status: 'READY' }, workers: [{ name: expect.any(String) }], pipelineStatus: { total: count },
    sent: { totalCount: count }, posted: { totalCount: posts }, followUps: { totalCount: count - 6 },
  });
  expect(data.pipelineStatus.stages.reduce((sum: number, stage: { count: number }) => sum + stage.count, 0)).toBe(count);

  expect(await stop(first)).toBe(0);
  expect(existsSync(join(dataDir, 'demo', 'postgres', 'data', 'postmaster.pid'))).toBe(false);

  const second = startDemo();
  const saidAgain = await isReady(second);
  expect(saidAgain).toContain(`${count} unchanged`);
  expect(saidAgain).toContain('Everybody has a draft already.');
  expect(saidAgain).not.toContain('Sent ');
  expect(await stop(second)).toBe(0);
});

test('a file that cannot be read is one sentence that names it, before anything is started', async () => {
  const { code, out, err } = await startDemo({}, 'nowhere.csv').ended;
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.trim().split('\n')).toEqual([expect.stringContaining('nowhere.csv cannot be read')]);
});

test('a setting that cannot work is one sentence that names it, before anything is started', async () => {
  const { code, out, err } = await startDemo({ PORT: 'http' }).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trim().split('\n')).toEqual([expect.stringContaining('Set PORT to another value')]);
});
