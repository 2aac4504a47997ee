import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { askPatiently } from '../../src/languageModel/askPatiently.ts';
import { connectModel } from '../../src/languageModel/connectModel.ts';
import type { ModelFailure } from '../../src/languageModel/ModelFailure.ts';
import { answer, begin, breakOff, type Behaviour, fail, hang, json, type ModelServer, reset, startModelServer } from '../support/modelServer.ts';

const request = { rules: 'Write.', instruction: 'To <data>"Ada"</data>.', schema: { type: 'object' } };

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());
beforeEach(() => {
  model.requests.length = 0;
  model.next = [];
  model.otherwise = answer('{}');
});

const address = (more: object = {}) => ({ baseUrl: model.baseUrl, apiKey: 'the-secret-key', model: 'test', timeoutSeconds: 30, ...more });

async function ask({ signal = new AbortController().signal, more = {} } = {}) {
  const held: number[] = [];
  let turns = 0;
  const ask = await connectModel(address(more));
  const outcome = askPatiently(ask, request, { turn: async () => void (turns += 1), holdBack: async (ms) => void held.push(ms), signal });
  const result = await outcome.then((value: any) => ({ content: value.choices[0].message.content as string }), (error: ModelFailure) => error);
  return { result, held, turns };
}

test('asks for a draft in the words of the protocol, with the key', async () => {
  const { result } = await ask();

  expect(result).toEqual({ content: '{}' });
  expect(model.requests).toHaveLength(1);
  const [{ path, headers, body }] = model.requests as [(typeof model.requests)[0]];
  expect(path).toBe('/v1/chat/completions');
  expect(headers.authorization).toBe('Bearer the-secret-key');
  expect(body).toMatchObject({
    model: 'test',
    messages: [{ role: 'system', content: 'Write.' }, { role: 'user', content: 'To <data>"Ada"</data>.' }],
    response_format: { type: 'json_schema', json_schema: { strict: true, schema: { type: 'object' } } },
  });
});

test('sends no key where none is set', async () => {
  await ask({ more: { apiKey: '' } });

  expect(model.requests[0]!.headers).not.toHaveProperty('authorization');
});

test.each<[string, Behaviour]>([
  ['500', fail(500)],
  ['503', fail(503)],
  ['429 without a time', fail(429)],
  ['a time-out', hang],
  ['a time-out within the answer', begin(200)],
  ['a time-out within a refusal', begin(500)],
  ['a connection that is reset', reset],
  ['a connection that breaks within the answer', breakOff],
])('after %s it asks again, and takes another turn', async (name, behaviour) => {
  model.next = [behaviour];

  const { result, turns, held } = await ask({ more: name.startsWith('a time-out') ? { timeoutSeconds: 2 } : {} });

  expect(result).toEqual({ content: '{}' });
  expect(turns).toBe(1);
  expect(held).toEqual([]);
  expect(model.requests).toHaveLength(2);
});

test.each([
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['more than a minute', { 'retry-after': '300' }, 300_000],
  ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
  ['more than an hour', { 'retry-after': '999999' }, 3_600_000],
  ['a date that has passed', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
])('a Retry-After of %s holds everybody back', async (_, headers: Record<string, string>, wait) => {
  model.next = [fail(429, 'slow down', headers)];

  const { result, held } = await ask();

  expect(held).toEqual([wait]);
  expect(result).toEqual({ content: '{}' });
});

test('gives up after five attempts, and says why', async () => {
  model.otherwise = fail(503, 'overloaded', { 'retry-after': '0' });

  const { result } = await ask();

  expect(result).toMatchObject({ code: 'MODEL_UNAVAILABLE', reach: 'target', message: "The language model's endpoint answered 503 overloaded. It was asked 5 times." });
  expect(model.requests).toHaveLength(5);
});

test.each([
  [401, null, 'set LLM_API_KEY'],
  [404, null, 'set LLM_BASE_URL and LLM_MODEL'],
  [402, null, 'no credit left'],
  [429, 'insufficient_quota', 'no credit left'],
])('%d %s ends the job, because nothing else could help', async (status, code, advice) => {
  model.otherwise = fail(status, 'no', {}, code);

  const { result } = await ask();

  expect(result).toMatchObject({ reach: 'job', code: 'MODEL_REFUSED', message: expect.stringContaining(advice) });
  expect(model.requests).toHaveLength(1);
});

test('a refused request is not repeated, and the key is never told', async () => {
  model.otherwise = fail(400, 'bad: the-secret-key');

  const { result } = await ask();

  expect(result).toMatchObject({ code: 'MODEL_REFUSED', reach: 'target', message: "The language model's endpoint answered 400 bad: …." });
  expect(model.requests).toHaveLength(1);
});

test('an endpoint that knows no structured output is asked without', async () => {
  model.otherwise = (response, asked) => (asked.body['response_format'] ? fail(400, "Unknown parameter 'response_format'") : answer('{}'))(response, asked);

  expect((await ask()).result).toEqual({ content: '{}' });
  expect(model.requests.map(({ body }) => 'response_format' in body)).toEqual([true, false]);
});

test('an answer that does not end is cut off, not kept in memory', async () => {
  model.otherwise = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  };

  expect((await ask({ more: { timeoutSeconds: 10 } })).result).toMatchObject({ code: 'MODEL_ANSWER_INVALID', reach: 'target' });
});

test('an answer that claims to be JSON and is none is an answer, not a broken connection', async () => {
  model.otherwise = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('<html>');
  };

  expect((await ask()).result).toMatchObject({ code: 'MODEL_ANSWER_INVALID' });
  expect(model.requests).toHaveLength(1);
});

test('a redirection is not followed: the text is for this endpoint only', async () => {
  model.otherwise = json(307, {}, { location: 'http://127.0.0.1:1/v1' });

  expect((await ask()).result).toMatchObject({ code: 'MODEL_REFUSED', message: expect.stringContaining('answered 307') });
});

test.each<[string, Behaviour]>([
  ['an answer', hang],
  ['the rest of an answer', begin(200)],
  ['another attempt', fail(500)],
])('waiting for %s ends at once when it is told to', async (_, behaviour) => {
  model.otherwise = behaviour;
  const stop = new AbortController();
  const started = performance.now();

  const asked = ask({ signal: stop.signal, more: { timeoutSeconds: 60 } });
  setTimeout(() => stop.abort(), 100);

  expect((await asked).result).toMatchObject({ name: 'AbortError' });
  expect(performance.now() - started).toBeLessThan(20_000);
});
