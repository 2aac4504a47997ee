import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { createExecutor } from '../../src/execution/executor.ts';
import { traceOperations } from '../../src/app/traceOperations.ts';
import { traceRequests } from '../../src/app/traceRequests.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import type { TracingSettings } from '../../src/config/tracing.ts';
import { openTracing, type Tracing } from '../../src/telemetry/openTracing.ts';
import { activeTrace, inSpan, inStatement, traceFields } from '../../src/telemetry/trace.ts';
import { openGate } from '../support/openGate.ts';
import { TraceReceiver } from '../support/traceReceiver.ts';

let receiver: TraceReceiver;
let tracing: Tracing;
let complaints: string[] = [];
const open = (settings: Partial<TracingSettings> = {}, url = receiver.url) => {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = url;
  complaints = [];
  tracing = openTracing({ sampler: 'parentbased_always_on', samplerArgument: 1, ...settings }, { warn: (_details, message) => void complaints.push(message) });
};
beforeEach(async () => {
  receiver = await TraceReceiver.start();
});
afterEach(async () => {
  await tracing?.close();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  await receiver.close();
});

const told = async () => {
  await tracing.close();
  return receiver.spans.map(({ name, parentSpanId }) => [name, receiver.spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? null]);
};
const nothing = async () => {};

test('where nobody traces, what would be traced is itself: it costs nothing', async () => {
  const handle = () => {};
  const schema = buildSchema('type Query { a: Int }');
  const executor = createExecutor(schema, openGate(schema));
  expect(traceRequests(handle)).toBe(handle);
  expect(traceOperations(executor)).toBe(executor);
  const work = Promise.resolve(1);
  expect(inStatement('select 1', () => work)).toBe(work);
  expect(inSpan({ name: 'a' }, () => work)).toBe(work);

  open();
  expect(traceRequests(handle)).not.toBe(handle);
  expect(traceOperations(executor)).not.toBe(executor);
});

test('spans nest as calls do, also those at the same time', async () => {
  open();
  await inSpan({ name: 'a' }, () => Promise.all([inSpan({ name: 'b' }, () => inSpan({ name: 'c' }, nothing)), inSpan({ name: 'd' }, nothing)]));

  expect(new Map((await told()) as [string, string | null][])).toEqual(new Map([['a', null], ['b', 'a'], ['c', 'b'], ['d', 'a']]));
});

test('a statement outside of every span is none: loops ask the database all the time', async () => {
  open();
  await inStatement('select 1', nothing);
  await inSpan({ name: 'a' }, () => inStatement('select a from b', nothing));

  expect(await told()).toEqual([['SELECT', 'a'], ['a', null]]);
});

test('a span that is told only with children is not without; its statements are such', async () => {
  open();
  await inSpan({ name: 'idle', onlyWithChildren: true }, nothing);
  await inSpan({ name: 'busy', onlyWithChildren: true }, () => inStatement('select 1', nothing));

  expect(await told()).toEqual([['SELECT', 'busy'], ['busy', null]]);
});

test('a span without statements is told when something else was done in it', async () => {
  open();
  await inSpan({ name: 'idle', onlyWithChildren: true, withoutStatements: true }, () => inStatement('select 1', nothing));
  await inSpan({ name: 'busy', onlyWithChildren: true, withoutStatements: true }, async () => {
    await inStatement('select 1', nothing);
    await inSpan({ name: 'chunk' }, () => inStatement('select 1', nothing));
  });

  expect(await told()).toEqual([['SELECT', 'chunk'], ['chunk', 'busy'], ['busy', null]]);
});

test('what a span has set going and what outlives it, is no child of it and has no trace', async () => {
  open();
  let later: Promise<[object, unknown]> | null = null;
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  await inSpan({ name: 'a' }, async () => {
    expect(traceFields()).toMatchObject({ trace_id: expect.any(String) });
    later = ended.then(async () => {
      await inStatement('select 1', nothing);
      return [traceFields(), activeTrace()];
    });
  });
  end();

  expect(await later).toEqual([{}, null]);
  expect(await told()).toEqual([['a', null]]);
});

test('an error fails its span by its code, and its message stays here', async () => {
  open();
  const error = Object.assign(new Error('a secret value is not unique'), { code: '23505' });
  await expect(inSpan({ name: 'a' }, () => Promise.reject(error))).rejects.toBe(error);
  await told();

  expect(receiver.spans).toMatchObject([{ name: 'a', failed: true, attributes: { 'error.type': '23505' } }]);
  expect(receiver.text).not.toContain('secret');
});

test('a caller who does not sample is followed, and so is a sampler that keeps nothing', async () => {
  open();
  await inSpan({ name: 'a', parent: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' } }, nothing);
  expect(await told()).toEqual([]);
  for (const settings of [{ sampler: 'always_off' }, { sampler: 'traceidratio', samplerArgument: 0 }, { sampler: 'parentbased_traceidratio', samplerArgument: 0 }] as const) {
    open(settings);
    await inSpan({ name: 'b' }, nothing);
    expect(await told()).toEqual([]);
  }
});

test('a collector that is not there is one line in the log, and nothing to whoever is traced', async () => {
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500';
  open({}, 'http://127.0.0.1:1');
  // More than one export holds.
  for (let index = 0; index < 1_500; index += 1) await inSpan({ name: 'a' }, nothing);
  delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT'];
  expect(await told()).toEqual([]);

  expect(complaints).toEqual(['traces cannot be handed in: correct OTEL_EXPORTER_OTLP_ENDPOINT or what listens there; requests go on without them']);
});

test('a traceparent that is none begins a trace', async () => {
  open();
  await inSpan({ name: 'a', parent: { traceparent: 'nonsense' } }, nothing);
  expect(await told()).toEqual([['a', null]]);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /^Set OTEL_EXPORTER_OTLP_ENDPOINT to another value: must look like http:/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to http\/protobuf/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_SAMPLER: 'some' }, /^Set OTEL_TRACES_SAMPLER to another value: must be one of always_on/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_SAMPLER_ARG: '2' }, /^Set OTEL_TRACES_SAMPLER_ARG to another value/],
])('%o is refused', (variables, message) => {
  expect(() => readEnvironment(variables)).toThrow(message);
});

test.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'some' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, { sampler: 'parentbased_always_on', samplerArgument: 1 }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, { sampler: 'traceidratio', samplerArgument: 0.1 }],
])('%o is read', (variables, settings) => {
  expect(readEnvironment(variables).tracing).toEqual(settings);
});
