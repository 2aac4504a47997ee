import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { openTracing, type Tracing } from '../../src/telemetry/openTracing.ts';
import { inStatement } from '../../src/telemetry/trace.ts';
import { startSockets } from '../graphql/socketSupport.ts';
import { TraceReceiver } from '../support/traceReceiver.ts';
import { waitFor } from '../support/waitFor.ts';

let receiver: TraceReceiver;
let tracing: Tracing;
let refusal: GraphQLError | null;
let sockets: Awaited<ReturnType<typeof startSockets>>;
beforeEach(async () => {
  receiver = await TraceReceiver.start();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
  tracing = openTracing({ sampler: 'parentbased_always_on', samplerArgument: 1 }, { warn: () => {} });
  refusal = null;
  sockets = await startSockets({ gate: { admit: () => refusal } });
  const { feed } = sockets;
  const open = feed.open.bind(feed);
  feed.open = () => {
    void inStatement('select state', async () => {});
    return open();
  };
});
afterEach(async () => {
  await tracing.close();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  await sockets.close();
  await receiver.close();
});

const told = async () => {
  await tracing.close();
  return receiver.spans.map(({ name, parentSpanId }) => [name, receiver.spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? null]);
};

test('a query over a socket is a span, the first of its trace, with its type and name and nothing of its variables', async () => {
  const client = await sockets.connect();
  client.subscribe('1', 'query Count($no: Boolean!) { number @skip(if: $no) secretAlias: number }', { no: true, more: 'secretValue' });
  await waitFor(() => client.messages.at(-1)?.type === 'complete', { intervalMs: 2 });

  expect(await told()).toEqual([['query Count', null]]);
  expect(receiver.spans).toMatchObject([{ kind: 2, failed: false, attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Count' } }]);
  expect(receiver.text).not.toContain('secret');
});

test('a subscription is a span of its beginning: it is told while events go on, and they are none of its children', async () => {
  const client = await sockets.connect();
  client.subscribe('1', 'subscription Watch { state { number } }');
  await waitFor(() => sockets.feed.streams.size === 1, { intervalMs: 2 });
  for (const number of [1, 2]) {
    sockets.feed.put({ number });
    await waitFor(() => client.told('1').includes(number), { intervalMs: 2 });
  }

  expect(await told()).toEqual([['SELECT', 'subscription Watch'], ['subscription Watch', null]]);
  expect(client.told('1')).toEqual([1, 2]);
});

test('whoever joins an equal subscription has a span too, in which nothing is asked again', async () => {
  const [ann, bob] = [await sockets.connect('viewer:ann'), await sockets.connect('viewer:bob')];
  ann.subscribe('1');
  await waitFor(() => sockets.feed.streams.size === 1, { intervalMs: 2 });
  bob.subscribe('1');
  await waitFor(() => sockets.feed.asked === 1, { intervalMs: 2 });

  expect((await told()).toSorted()).toEqual([['SELECT', 'subscription'], ['subscription', null], ['subscription', null]]);
});

test('errors of an operation are counted', async () => {
  const client = await sockets.connect();
  client.subscribe('1', 'query { missing }');
  await waitFor(() => client.messages.length > 0, { intervalMs: 2 });

  await told();
  expect(receiver.spans).toMatchObject([{ name: 'query', attributes: { 'outrider.graphql.errors': 1 } }]);
});

test('wrong variables fail the span by their code', async () => {
  const client = await sockets.connect();
  client.subscribe('1', 'query ($no: Boolean!) { number @skip(if: $no) }', { no: 'secret' });
  await waitFor(() => client.messages.length > 0, { intervalMs: 2 });

  await told();
  expect(receiver.spans).toMatchObject([{ name: 'query', failed: true, attributes: { 'error.type': 'BAD_USER_INPUT' } }]);
  expect(receiver.text).not.toContain('secret');
});

test('what is refused before it runs fails its span by its code', async () => {
  refusal = new GraphQLError('secret', { extensions: { code: 'RATE_LIMITED' } });
  const client = await sockets.connect();
  client.subscribe('1', 'query { number }');
  await waitFor(() => client.messages.length > 0, { intervalMs: 2 });

  await told();
  expect(receiver.spans).toMatchObject([{ name: 'query', failed: true, attributes: { 'error.type': 'RATE_LIMITED' } }]);
  expect(receiver.text).not.toContain('secret');
});

test('a text that is no document is no operation, and no span', async () => {
  const client = await sockets.connect();
  client.subscribe('1', 'query {');
  await waitFor(() => client.messages.length > 0, { intervalMs: 2 });

  expect(await told()).toEqual([]);
});
