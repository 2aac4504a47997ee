import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { JobBench } from '../jobs/support.ts';
import { startOutrider, type Program } from '../support/program.ts';
import { TraceReceiver, type ReceivedSpan } from '../support/traceReceiver.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-of-the-tests';
const targets = 20;
const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(): Promise<{ bench: JobBench; receiver: TraceReceiver; run(command: string, more?: Record<string, string>): Program }> {
  const bench = await JobBench.open();
  const receiver = await TraceReceiver.start();
  const dataDir = mkdtempSync(join(tmpdir(), 'outrider-traces-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }), () => bench.close(), () => receiver.close());
  const run = (command: string, more: Record<string, string> = {}) => {
    const program = startOutrider([command], { DATABASE_URL: bench.database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...more });
    closing.push(() => stop(program, 'SIGKILL'));
    return program;
  };
  return { bench, receiver, run };
}

async function stop({ process: child, ended }: Program, signal: NodeJS.Signals) {
  child.kill(signal);
  return ended;
}

const urlOf = (server: Program) => server.says(/http:\/\/127\.0\.0\.1:\d+\//);

async function ask(url: string, query: string, headers: Record<string, string> = {}): Promise<any> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const failing = 'ffffffffffffffffffffffffffff4736';
const create = `mutation { createProspect(input: { displayName: "Ada Secret", profileUrl: "https://example.org/ada", email: "ada@example.org" }) { userErrors { message } } }`;
const draft = `mutation Draft { startDraftJob(input: { subjectTemplate: "A secret greeting", bodyTemplate: "{{ bioText }}", expectedCount: ${targets} }) { job { id } userErrors { message } } }`;

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.filter((span) => span.name === name);
  expect({ name, found: found.length }).toEqual({ name, found: 1 });
  return found[0]!;
};

test('a request, its operation, the statements, and in another process the job, its chunk and its statements are one trace, which the log names, without anybody\'s data', async () => {
  const { bench, receiver, run } = await open();
  await bench.addProspects(targets);
  const settings = { OTEL_SERVICE_NAME: 'outrider-tested', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of-the-collector' };
  const [server, worker] = [run('serve', settings), run('worker', settings)];
  const url = await urlOf(server);
  const { data } = await ask(url, draft, { traceparent: `00-${caller.traceId}-${caller.spanId}-01`, tracestate: 'vendor=1' });
  expect(data.startDraftJob.userErrors).toEqual([]);
  await waitFor(async () => (await bench.query(`select from jobs where status = 'succeeded'`)).length === 1);
  await bench.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = 'XX123'; end $$`);
  await bench.query('create trigger refuse before insert on prospects for each row execute function refuse()');
  expect((await ask(url, create, { traceparent: `00-${failing}-${caller.spanId}-01` })).errors).toHaveLength(1);
  const [served, worked] = await Promise.all([server, worker].map((program) => stop(program, 'SIGTERM')));
  expect([served!.code, worked!.code]).toEqual([0, 0]);

  const spans = receiver.spans.filter(({ traceId }) => traceId === caller.traceId);
  const children = ({ spanId }: ReceivedSpan) => spans.filter(({ parentSpanId }) => parentSpanId === spanId);
  const request = named(spans, 'POST /graphql');
  expect(request).toMatchObject({
    parentSpanId: caller.spanId, kind: 2, failed: false,
    attributes: { 'http.request.method': 'POST', 'http.route': '/graphql', 'http.response.status_code': 200 },
    resource: { 'service.name': 'outrider-tested', 'service.version': expect.any(String) },
  });
  const operation = named(spans, 'mutation Draft');
  expect(operation).toMatchObject({ parentSpanId: request.spanId, attributes: { 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'Draft' } });
  const statements = children(operation);
  expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['BEGIN', 'INSERT', 'COMMIT']));
  expect(statements.map(({ attributes }) => attributes['db.query.text']).join('\n')).toMatch(/insert into jobs \(.*\) values \( \$1::uuid/);
  const job = named(spans, 'job draft');
  expect(job).toMatchObject({ parentSpanId: operation.spanId, kind: 5, attributes: { 'outrider.job.type': 'draft' } });
  expect(job.resource['process.pid']).not.toBe(request.resource['process.pid']);
  const chunk = named(spans, 'chunk');
  expect(chunk).toMatchObject({ parentSpanId: job.spanId, attributes: { 'outrider.chunk.number': expect.any(Number), 'outrider.chunk.targets': targets } });
  expect(children(chunk).length).toBeGreaterThan(0);
  for (const span of spans.filter(({ kind }) => kind === 3)) expect(span.attributes).toMatchObject({ 'db.system.name': 'postgresql', 'db.query.text': expect.any(String) });

  const line = served!.err.split('\n').filter((text) => text.startsWith('{')).map((text) => JSON.parse(text)).find(({ msg }) => msg === 'an operation failed');
  expect(line).toMatchObject({ trace_id: failing, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(receiver.spans.filter(({ traceId, failed }) => traceId === failing && failed).map(({ attributes }) => attributes['error.type'])).toContain('XX123');

  expect(receiver.text).not.toMatch(/secret greeting|Ada Secret|Prospect 1|example\.org|Makes things|a-token-of-the-tests/);
  expect(receiver.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'of-the-collector' } });
});

/** Says on standard error that a file is loaded with the packages in it that only some installations use. */
const watchLoading = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) {
    const loaded = next(url, context);
    if (/BatchSpanProcessor|ClientClosedError|NatsConnectionImpl/.test(String(loaded.source))) process.stderr.write('loaded ' + url + String.fromCharCode(10));
    return loaded;
  } });
`)}`;

test('without an endpoint nothing of the SDK of OpenTelemetry, of Redis or of NATS is loaded; requests and the end of a process wait for no collector', async () => {
  const { receiver, run } = await open();
  receiver.isSilent = true;
  const [plain, tracing] = ([{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, { OTEL_EXPORTER_OTLP_TIMEOUT: '120000' }] as Record<string, string>[]).map((more) => run('serve', { NODE_OPTIONS: `--import ${watchLoading}`, ...more })) as [Program, Program];
  for (const server of [plain, tracing]) {
    const url = await urlOf(server);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(url, '{ prospects(first: 1) { totalCount } }')));
    expect(answers).toEqual(Array.from({ length: 50 }, () => ({ data: { prospects: { totalCount: 0 } } })));
  }
  await stop(plain, 'SIGTERM');
  const began = performance.now();
  await stop(tracing, 'SIGTERM');

  // The exporter itself would wait two minutes.
  expect(performance.now() - began).toBeLessThan(30_000);
  const [without, withEndpoint] = (await Promise.all([plain.ended, tracing.ended])).map(({ code, err }) => ({ code, loaded: err.split('\n').filter((line) => line.startsWith('loaded ')).length > 0 }));
  expect(without).toEqual({ code: 0, loaded: false });
  expect(withEndpoint).toEqual({ code: 0, loaded: true });
  expect(receiver.requests.length).toBeGreaterThan(0);
});
