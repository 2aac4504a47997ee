import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { buildDashboard } from '../support/build.ts';
import { hostileJson, hostileText, hostileTexts } from './hostile.ts';
import { seedOfRun, timeoutMs } from './runs.ts';

let api: Api;
beforeAll(async () => {
  await buildDashboard();
  api = await startApi();
});
afterAll(() => api.stop());

const runs = { seed: seedOfRun, numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40), endOnFailure: true };
const short = hostileText.filter((text) => text.length < 2_000).map((text) => text.toWellFormed());
const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 2_000 }), hostileText.map((text) => Buffer.from(text)));

async function request(path: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(api.url + path, { ...init, headers: { authorization: `Bearer ${adminToken}`, ...init.headers }, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
  return { status: response.status, body: await response.text() };
}
const post = (path: string, body: string | Uint8Array) => request(path, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) });

const columns = ['name', 'url', 'email', 'bio', 'tags', 'followers', 'scraped_at', 'username', 'platform', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '=1+1', '', 'a\0b'];
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

test('a file of any bytes, in either format, is imported or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom('csv', 'ndjson'), anyBytes, async (format, bytes) => {
    expect([200, 422]).toContain((await post(`import?format=${format}`, bytes)).status);
  }), runs);
}, timeoutMs);

test('cells of any text and columns of any name fail their row at most, and a name that is taken is read back', async () => {
  await fc.assert(fc.asyncProperty(fc.boolean(), fc.uniqueArray(fc.constantFrom(...columns.slice(3)), { maxLength: 5 }), fc.array(short, { minLength: 5, maxLength: 5 }), short, fc.uuid(), async (isCsv, extra, values, name, id) => {
    const header = ['name', 'url', ...extra];
    const row = [name, `https://example.org/${id}`, ...values.slice(0, extra.length)];
    const file = isCsv ? `${header.map(cell).join(',')}\n${row.map(cell).join(',')}\n` : `{${header.map((column, place) => `${JSON.stringify(column)}:${JSON.stringify(row[place])}`).join(',')}}\n`;
    const { status, body } = await post(`import?format=${isCsv ? 'csv' : 'ndjson'}&dryRun=false`, file);
    expect([200, 422]).toContain(status);
    const stored = await api.sql<{ display_name: string }>('select display_name from prospects where profile_url = $1', [`https://example.org/${id}`]);
    if (status === 422) expect(stored).toEqual([]);
    else expect(JSON.parse(body).job.id).toEqual(expect.any(String));
    if (stored[0] && name.trim() !== '' && !extra.includes('username')) expect(stored[0].display_name).toBe(name.trim());
  }), runs);
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('isAdmin');
}, timeoutMs);

test('a mapping of any JSON is taken or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(hostileJson.map((value) => JSON.stringify(value)), short), async (mapping) => {
    fc.pre(mapping.length < 3_000);
    expect([200, 400, 422]).toContain((await post(`import?format=csv&mapping=${encodeURIComponent(mapping)}`, 'name,url\nAda,https://example.org/mapped\n')).status);
  }), runs);
}, timeoutMs);

test('a mail of any bytes has a kind', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(anyBytes, fc.tuple(fc.constantFrom('From', 'To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References', 'Content-Type', 'Content-Transfer-Encoding', 'X-Failed-Recipients'), hostileText, hostileText).map(([name, value, body]) => Buffer.from(`From: a@example.org\r\n${name}: ${value}\r\n\r\n${body}`))), async (mail) => {
    const { status, body } = await post('inbound', mail);
    expect([status, body.length > 0]).toEqual([mail.length === 0 ? 400 : 200, true]);
  }), runs);
}, timeoutMs);

test.each(['null', '{"search": "a\\u0000b"}', '{"tag": "\\u0000"}', '[]', '{'])('an export with the filter %s is refused as the caller’s mistake', async (filter) => {
  expect((await request(`export?format=csv&filter=${encodeURIComponent(filter)}`)).status).toBe(400);
});

test('a filter of an export, a link to unsubscribe and a path may be any text', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(hostileJson.map((value) => JSON.stringify(value)), short), fc.constantFrom(...hostileTexts.filter((text) => text.length < 500)), async (filter, text) => {
    fc.pre(filter.length < 3_000);
    const encoded = encodeURIComponent(text.toWellFormed());
    expect([200, 400]).toContain((await request(`export?format=csv&filter=${encodeURIComponent(filter)}`)).status);
    expect((await request(`export?format=${encoded}`)).status).toBe(400);
    expect([200, 301, 302, 404, 405]).toContain((await request(`unsubscribe/${encoded}`)).status);
    expect((await request(`unsubscribe/${encoded}`, { method: 'POST' })).status).toBeLessThan(500);
    expect((await request(`health/${encoded}`)).status).toBeLessThan(500);
    expect((await request(encoded)).status).toBeLessThan(500);
  }), runs);
}, timeoutMs);
