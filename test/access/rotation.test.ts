import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { unsubscribeUrl } from '../../src/mail/unsubscribeLink.ts';
import { recordEvent } from '../../src/services/webhooks/recordEvent.ts';
import { WebhookSender } from '../../src/services/webhooks/WebhookSender.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { openReceiver } from '../webhooks/receiver.ts';
import { Issuer } from './issuer.ts';

/** The steps of "Rotating keys" in docs/operations.md, played with real servers on one database. */
let first: Api;
beforeAll(async () => {
  first = await startApi();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => first.stop());

const question = { query: '{ viewer { name } }' };
const status = async (api: Api, token: string) => (await api.post(question, { authorization: `Bearer ${token}` })).status;

/** A socket that has said who it is, and what closed it. */
async function connect(api: Api, token: string): Promise<{ socket: WebSocket; closed: number[] }> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const closed: number[] = [];
  socket.on('close', (code) => closed.push(code));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
  await new Promise((resolve) => socket.once('message', resolve));
  return { socket, closed };
}

/** Runs with a further server on the same database. */
async function withServer(open: () => Promise<Api>, run: (api: Api) => Promise<void>): Promise<void> {
  const api = await open();
  try {
    await run(api);
  } finally {
    await api.stop();
  }
}

test('OUTRIDER_TOKEN: the new one before the old one, then alone; nothing fails at any moment, and sessions go on until then', async () => {
  const [old, fresh] = ['the-old-token-of-the-server', 'the-new-token-of-the-server'];
  const withTokens = (tokens: string) => () => startApi(first.databaseUrl, undefined, { OUTRIDER_TOKEN: tokens });
  await withServer(withTokens(old), async (before) => {
    await withServer(withTokens(`${fresh}, ${old}`), async (both) => {
      const session = (await fetch(before.loginUrl!, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
      expect([await status(before, old), await status(both, old), await status(both, fresh)]).toEqual([200, 200, 200]);
      expect((await both.post(question, { cookie: session })).status).toBe(200);
      expect(both.loginUrl).toBe(`${both.url}?token=${fresh}`);
      expect((await fetch(both.loginUrl!, { redirect: 'manual' })).headers.get('set-cookie')).toContain(fresh);
      await withServer(withTokens(fresh), async (after) => {
        expect([await status(after, fresh), await status(after, old)]).toEqual([200, 401]);
        expect((await after.post(question, { cookie: session })).status).toBe(401);
      });
    });
  });
});

test.each(['long-enough-token,short', 'long-enough-token,'])('OUTRIDER_TOKEN=%s is refused', async (tokens) => {
  await expect(startApi(first.databaseUrl, undefined, { OUTRIDER_TOKEN: tokens })).rejects.toThrow('Set OUTRIDER_TOKEN to another value: each token must have at least 16 characters.');
});

test('an API key: both work meanwhile; the old one ends on every server, its sockets too, and those of the new one go on', async () => {
  const make = async () => (await first.ask('mutation { createApiKey(input: { name: "Ada", role: OPERATOR }) { key apiKey { id } } }')).data.createApiKey;
  const [old, fresh] = [await make(), await make()];
  await withServer(() => startApi(first.databaseUrl), async (second) => {
    for (const api of [first, second]) expect([await status(api, old.key), await status(api, fresh.key)]).toEqual([200, 200]);
    const [ends, endsToo, stays] = [await connect(first, old.key), await connect(second, old.key), await connect(second, fresh.key)];
    await first.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { userErrors { code } } }', { id: old.apiKey.id });
    await waitFor(() => ends.closed.length > 0 && endsToo.closed.length > 0);
    expect([ends.closed, endsToo.closed, stays.closed]).toEqual([[4403], [4403], []]);
    for (const api of [first, second]) expect([await status(api, old.key), await status(api, fresh.key)]).toEqual([401, 200]);
    const answered = new Promise((resolve) => stays.socket.once('message', (data) => resolve(JSON.parse(String(data)))));
    stays.socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: question }));
    expect(await answered).toMatchObject({ type: 'next', payload: { data: { viewer: { name: 'Ada' } } } });
    stays.socket.close();
  });
});

/** The clock that only counts, further on by as much as has `passed` (ms). */
function advanced(): { passed: number } {
  const clock = { passed: 0 };
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + clock.passed);
  return clock;
}

test('keys of an issuer: tokens of the new one are taken with nothing done here, those of the old one as long as it is in the set', async () => {
  const issuer = await Issuer.start();
  const clock = advanced();
  try {
    await withServer(() => startApi(first.databaseUrl, undefined, issuer.environment), async (api) => {
      const old = await issuer.sign();
      expect(await status(api, old)).toBe(200);
      await issuer.makeKey('second');
      clock.passed += 31_000;
      expect(await status(api, await issuer.sign({}, { key: 'second' }))).toBe(200);
      expect([await status(api, old), await status(api, await issuer.sign({ sub: 'grace' }))]).toEqual([200, 200]);

      const late = await issuer.sign({ sub: 'late' });
      const { closed } = await connect(api, old);
      issuer.dropKey('first');
      await issuer.makeKey('third');
      clock.passed += 31_000;
      expect(await status(api, await issuer.sign({}, { key: 'third' }))).toBe(200);
      expect([await status(api, old), await status(api, late), await status(api, await issuer.sign({}, { key: 'second' }))]).toEqual([401, 401, 200]);
      await waitFor(() => closed.length > 0);
      expect(closed).toEqual([4403]);
    });
  } finally {
    await issuer.stop();
  }
});

test('a token of a new key that came too early to be asked about is taken as soon as the issuer may be asked', async () => {
  const issuer = await Issuer.start();
  const clock = advanced();
  try {
    await withServer(() => startApi(first.databaseUrl, undefined, issuer.environment), async (api) => {
      expect(await status(api, await issuer.sign())).toBe(200);
      await issuer.makeKey('second');
      const early = await issuer.sign({}, { key: 'second' });
      expect(await status(api, early)).toBe(401);
      clock.passed += 31_000;
      expect(await status(api, early)).toBe(200);
    });
  } finally {
    await issuer.stop();
  }
});

describe('SECRET_KEY', () => {
  const [old, fresh] = ['the old secret key of tests', 'the new secret key of tests'];
  const outreach = (...secretKeys: string[]) => outreachOf({ secretKeys, publicUrl: 'https://outreach.example' });
  const withKeys = (...keys: string[]) => () => startApi(first.databaseUrl, outreach(...keys));
  const suppress = (api: Api, email: string) => api.ask('mutation ($email: EmailAddress!) { suppress(input: { email: $email }) { userErrors { code } } }', { email });
  const isSuppressed = async (api: Api, email: string) => (await api.ask('query ($email: EmailAddress!) { suppressionOf(email: $email) { id } }', { email })).data.suppressionOf !== null;
  const messageId = '018f0000-0000-7000-8000-000000000001';
  const opens = async (api: Api, key: string) => (await fetch(`${api.url}${new URL(unsubscribeUrl(outreach(key), messageId)).pathname.slice(1)}`)).status;

  test('the new one is made known everywhere before it signs: then no process fails to see what another wrote, and sessions are not touched', async () => {
    await withServer(withKeys(old), async (alone) => {
      await suppress(alone, 'ada@example.org');
      const session = (await fetch(alone.loginUrl!, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
      await withServer(withKeys(old, fresh), async (prepared) => {
        await suppress(prepared, 'bob@example.org');
        expect([await opens(alone, old), await opens(prepared, old), await isSuppressed(alone, 'bob@example.org')]).toEqual([200, 200, true]);
        await withServer(withKeys(fresh, old), async (signing) => {
          await suppress(signing, 'grace@example.org');
          for (const api of [prepared, signing]) {
            expect([await opens(api, old), await opens(api, fresh)]).toEqual([200, 200]);
            for (const name of ['ada', 'bob', 'grace']) expect(await isSuppressed(api, `${name}@example.org`)).toBe(true);
            expect((await api.post(question, { cookie: session })).status).toBe(200);
          }
          // Why the step between is not left out.
          expect([await opens(alone, fresh), await isSuppressed(alone, 'grace@example.org')]).toEqual([404, false]);
        });
      });
    });
  });

  test('whoever takes the old one away loses its suppressions and its links', async () => {
    await withServer(withKeys(old), async (api) => void (await suppress(api, 'lost@example.org')));
    await withServer(withKeys(fresh), async (api) => expect([await opens(api, old), await isSuppressed(api, 'lost@example.org')]).toEqual([404, false]));
  });
});

test('the secret of a webhook: a second webhook to the same address, then the first one goes; a receiver that believes both misses nothing', async () => {
  const receiver = await openReceiver();
  const make = async () => (await first.ask('mutation ($url: URL!) { createWebhook(input: { url: $url, events: [JOB_FINISHED] }) { secret webhook { id } userErrors { code message } } }', { url: receiver.url })).data.createWebhook;
  const sender = new WebhookSender({ em: () => first.orm.em.fork(), stopping: new AbortController().signal, outreach: outreachOf(), log: { info: () => {}, warn: () => {} } });
  const happen = async () => {
    receiver.received.length = 0;
    await first.orm.em.fork().transactional((tx) => recordEvent(tx.getKysely() as never, { event: 'job.finished', payload: { job: 'id' } }));
    await sender.send();
    await sender.settled();
    return receiver.received.map(({ headers, body }) => ({ id: headers['webhook-id'], by: secrets.filter((secret) => verifies(secret, headers as Record<string, string>, body)) }));
  };
  const secrets: string[] = [];
  try {
    const old = await make();
    secrets.push(old.secret);
    expect(await happen()).toMatchObject([{ by: [old.secret] }]);
    const fresh = await make();
    secrets.push(fresh.secret);
    const both = await happen();
    expect(both.flatMap(({ by }) => by).sort()).toEqual([old.secret, fresh.secret].sort());
    // By which a receiver knows that it is one event.
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    await first.ask('mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { userErrors { code } } }', { id: old.webhook.id });
    expect(await happen()).toMatchObject([{ by: [fresh.secret] }]);
  } finally {
    await receiver.close();
  }
});

/** As a receiver of Standard Webhooks does. */
function verifies(secret: string, headers: Record<string, string>, body: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return headers['webhook-signature'] === `v1,${signed}`;
}
