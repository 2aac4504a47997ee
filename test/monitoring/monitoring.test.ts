import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { holding } from '../health/support.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { outreachOf } from '../support/outreach.ts';
import { labelsIn, metricsIn } from './promql.ts';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const alertsPath = resolve('deploy/prometheus/alerts.yml');
const rules = (parse(readFileSync(alertsPath, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync('deploy/grafana/outrider.json', 'utf8')) as {
  panels: { id: number; type: string; title: string; gridPos: { x: number; w: number }; targets?: { expr: string }[] }[];
  templating: { list: { name: string; query: string | { query: string } }[] };
};
const shown = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

let database: TestDatabase;
let api: Api;
beforeAll(async () => {
  database = await createTestDatabase();
  await queryOnce(database.url, 'drop index jobs_created_at');
  await queryOnce(database.url, `insert into workers (id, name, version, running_chunks, seen_at) values (gen_random_uuid(), 'one', '1', 0, now() + interval '1 hour')`);
  await queryOnce(database.url, `insert into jobs (id, job_type, created_at) values (gen_random_uuid(), 'draft', now() - interval '1 minute'), (gen_random_uuid(), 'draft', now())`);
  await queryOnce(database.url, `insert into jobs (id, job_type, status, finished_at) values (gen_random_uuid(), 'send', 'failed', now()), (gen_random_uuid(), 'send', 'failed', now() - interval '2 hours')`);
  api = await startApi(database.url, outreachOf(), { DATABASE_REPLICA_URLS: 'postgresql://nobody@127.0.0.1:1/nothing' });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

/** name of a sample → its label sets; and all names that have a type */
async function scrape(): Promise<{ samples: Map<string, Record<string, string>[]>; names: Set<string>; text: string }> {
  await api.ask('{ prospects(first: 1) { totalCount } }');
  await api.post('{');
  await fetch(`${api.url}health/schema`);
  const text = await (await fetch(`${api.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
  const samples = new Map<string, Record<string, string>[]>();
  for (const [, name, labels = ''] of text.matchAll(/^([a-z_][a-z0-9_]*)(?:\{([^}]*)\})? /gm)) {
    const set = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]));
    samples.set(name!, [...(samples.get(name!) ?? []), set]);
  }
  return { samples, names: new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!)), text };
}

/** What Prometheus adds. */
const added = ['job', 'instance'];

test('every metric and label of the alerts and of the dashboard is in what a server tells', async () => {
  const { samples, names } = await scrape();
  const expressions = [...rules.map(({ alert, expr }) => [alert, expr] as const), ...shown];
  const wrong: string[] = [];
  let count = 0;
  for (const [where, expression] of expressions) {
    const references = metricsIn(expression);
    if (references.length === 0) wrong.push(`${where}: no metric`);
    const labels = new Set([...added, ...references.flatMap(({ metric }) => (samples.get(metric) ?? []).flatMap((set) => Object.keys(set)))]);
    for (const { metric, matchers } of references) {
      count += 1;
      if (metric === 'up') continue;
      const sets = samples.get(metric);
      if (!sets && !names.has(metric)) wrong.push(`${where}: there is no ${metric}`);
      for (const [label, values] of Object.entries(matchers)) {
        if (added.includes(label) || !sets) continue;
        if (!sets.some((set) => label in set)) wrong.push(`${where}: ${metric} has no ${label}`);
        if (metric === 'outrider_schema_status') values.filter((value) => !sets.some((set) => set[label] === value)).forEach((value) => wrong.push(`${where}: no ${label} is ${value}`));
      }
    }
    const unknown = references.every(({ metric }) => samples.has(metric)) ? labelsIn(expression).filter((label) => !labels.has(label)) : [];
    unknown.forEach((label) => wrong.push(`${where}: nothing has ${label}`));
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(40);
});

test('the figures of jobs and workers are those of the database', async () => {
  const { text } = await scrape();
  expect(text).toMatch(/^outrider_workers 1$/m);
  expect(text).toMatch(/^outrider_jobs\{type="draft",status="pending"\} 2$/m);
  expect(text).toMatch(/^outrider_jobs_ended\{status="failed"\} 1$/m);
  expect(Number(/^outrider_job_waiting_seconds (.*)$/m.exec(text)![1])).toBeGreaterThanOrEqual(60);
  expect(text).toMatch(/^outrider_messages_unresolved\{channel="email"\} 0$/m);
  expect([...text.matchAll(/^outrider_work_read.*$/gm)].map(([line]) => line)).toEqual(tables.map((table) => `outrider_work_read{table="${table}"} 1`));
});

/** The lines that each table is behind. */
const figures = {
  workers: ['outrider_workers '],
  jobs: ['outrider_jobs{', 'outrider_job_waiting_seconds ', 'outrider_jobs_ended{'],
  email_messages: ['outrider_messages_unresolved{channel="email"}'],
  social_messages: ['outrider_messages_unresolved{channel="social"}'],
};
const tables = Object.keys(figures) as (keyof typeof figures)[];

describe('figures that cannot be read are absent and not zero, and those of every other table are told', () => {
  let other: Api;
  beforeEach(async () => {
    other = await startApi();
    await other.sql(`insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`);
    await other.sql(`insert into jobs (id, job_type, status, finished_at) values (gen_random_uuid(), 'send', 'failed', now())`);
  });
  afterEach(() => other.stop());
  const expectOnly = async (missing: keyof typeof figures) => {
    const text = await (await fetch(`${other.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
    const told = (start: string) => text.includes(`\n${start}`);
    expect(tables.filter((table) => figures[table].every(told))).toEqual(tables.filter((table) => table !== missing));
    expect(figures[missing].filter(told)).toEqual([]);
    expect(tables.filter((table) => text.includes(`outrider_work_read{table="${table}"} 0`))).toEqual([missing]);
    expect(text).toMatch(/^outrider_events_connected/m);
  };

  test.each(tables)('%s is lost', async (table) => {
    await other.sql(`drop table ${table} cascade`);
    await expectOnly(table);
  });

  test('a table is locked', async () => {
    const holder = await holding(other.databaseUrl, 'lock table social_messages in access exclusive mode');
    await expectOnly('social_messages').finally(() => holder.release());
  });
});

test('every alert is explained, and every explanation is of an alert', () => {
  const headings = [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/^### (\w+)$/gm)].map(([, name]) => name!);
  expect(headings).toEqual(rules.map(({ alert }) => alert));
  for (const { labels, annotations } of rules) {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations).toEqual({ summary: expect.stringMatching(/\S/), description: expect.stringMatching(/\S/) });
  }
});

test('the panels of the dashboard have ids of their own and fill rows of 24', () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { gridPos: { x, w } } of dashboard.panels) expect(x + w).toBeLessThanOrEqual(24);
  expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
});

/** What makes each alert fire. */
const trouble: Record<string, Record<string, string>> = {
  OutriderDown: { 'up{job="outrider", instance="a"}': '0' },
  OutriderSchemaBroken: { 'outrider_schema_status{instance="a", status="BROKEN"}': '1' },
  OutriderFeatureNotReady: { 'outrider_feature_ready{instance="a", feature="JOBS"}': '0' },
  OutriderSchemaUnverified: { 'outrider_schema_status{instance="a", status="UNVERIFIED"}': '1' },
  OutriderSchemaDrifted: { 'outrider_schema_drift{instance="a", severity="WARNING", kind="INDEX"}': '1' },
  OutriderSchemaUnwatched: { 'outrider_schema_check_age_seconds{instance="a"}': '400' },
  OutriderRequestsFail: { 'outrider_graphql_seconds_count{instance="a", failed="true"}': 'counter 60', 'outrider_graphql_seconds_count{instance="a", failed="false"}': 'counter 60' },
  OutriderRequestsSlow: { 'outrider_graphql_seconds_bucket{instance="a", le="2.5"}': 'counter 0', 'outrider_graphql_seconds_bucket{instance="a", le="5"}': 'counter 60', 'outrider_graphql_seconds_bucket{instance="a", le="+Inf"}': 'counter 60' },
  OutriderOverloaded: { 'outrider_operations_refused_total{instance="a"}': 'counter 60' },
  OutriderTransfersRefused: { 'outrider_transfers_refused_total{instance="a", kind="inbound"}': 'counter 60' },
  OutriderEventLoopBlocked: { 'nodejs_eventloop_lag_p99_seconds{instance="a"}': '1' },
  OutriderNoWorker: { 'outrider_workers{instance="a"}': '0', 'outrider_jobs{instance="a", type="draft", status="pending"}': '1' },
  OutriderJobWaits: { 'outrider_job_waiting_seconds{instance="a"}': '700' },
  OutriderJobsFail: { 'outrider_jobs_ended{instance="a", status="failed"}': '1' },
  OutriderOutcomeUnknown: { 'outrider_messages_unresolved{instance="a", channel="email"}': '1' },
  OutriderWorkUnread: { 'outrider_work_read{instance="a", table="jobs"}': '0' },
  OutriderEventsLost: { 'outrider_events_connected{instance="a", broker="nats"}': '0' },
  OutriderReplicaOut: { 'outrider_replica_in_use{instance="a", replica="r"}': '0' },
};

/** What a server tells on a good day. */
const peace: Record<string, string> = {
  'up{job="outrider", instance="a"}': '1', 'outrider_schema_status{instance="a", status="READY"}': '1', 'outrider_schema_status{instance="a", status="BROKEN"}': '0',
  'outrider_schema_status{instance="a", status="UNVERIFIED"}': '0', 'outrider_schema_unverified{instance="a"}': '0', 'outrider_feature_ready{instance="a", feature="JOBS"}': '1',
  'outrider_schema_drift{instance="a", severity="INFO", kind="INDEX"}': '1', 'outrider_schema_check_age_seconds{instance="a"}': '20',
  'outrider_graphql_seconds_count{instance="a", failed="true"}': 'counter 1', 'outrider_graphql_seconds_count{instance="a", failed="false"}': 'counter 60',
  'outrider_graphql_seconds_bucket{instance="a", le="0.1"}': 'counter 60', 'outrider_graphql_seconds_bucket{instance="a", le="+Inf"}': 'counter 60',
  'outrider_operations_refused_total{instance="a"}': 'counter 1', 'outrider_transfers_refused_total{instance="a", kind="inbound"}': 'counter 1', 'nodejs_eventloop_lag_p99_seconds{instance="a"}': '0.01', 'outrider_workers{instance="a"}': '1', 'outrider_jobs{instance="a", type="draft", status="running"}': '1',
  'outrider_job_waiting_seconds{instance="a"}': '5', 'outrider_jobs_ended{instance="a", status="succeeded"}': '3', 'outrider_messages_unresolved{instance="a", channel="email"}': '0',
  'outrider_work_read{instance="a", table="jobs"}': '1', 'outrider_events_connected{instance="a", broker="nats"}': '1', 'outrider_replica_in_use{instance="a", replica="r"}': '1',
};

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) console.warn('There is no promtool on the PATH (apt-get install prometheus): the alerts are not tried out.');

(hasPromtool ? test : test.skip)('each alert fires when it shall, and none on a good day', () => {
  expect(Object.keys(trouble)).toEqual(rules.map(({ alert }) => alert));
  const series = (input: Record<string, string>) =>
    Object.entries(input).map(([name, value]) => ({ series: name, values: value.startsWith('counter ') ? `0+${value.slice(8)}x60` : `${value}x60` }));
  const tests = [
    ...Object.entries(trouble).map(([alert, input]) => ({ interval: '1m', input_series: series(input), promql_expr_test: [], alert_rule_test: [], fires: alert })),
    { interval: '1m', input_series: series(peace), fires: null },
  ].map(({ fires, interval, input_series }) => ({
    interval,
    input_series,
    promql_expr_test: [{ expr: 'count(ALERTS{alertstate="firing"}) by (alertname)', eval_time: '40m', exp_samples: fires ? [{ labels: `{alertname="${fires}"}`, value: 1 }] : [] }],
  }));
  const folder = mkdtempSync(join(tmpdir(), 'outrider-alerts-'));
  try {
    writeFileSync(join(folder, 'tests.yml'), stringify({ rule_files: [alertsPath], evaluation_interval: '1m', tests }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'tests.yml')], { encoding: 'utf8' });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
