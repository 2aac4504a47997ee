import { join } from 'node:path';
import { type DocumentNode, Kind, parse } from 'graphql';
import type { Page } from 'playwright-core';
import { formatDocument, stringifyDocument } from 'urql';
import { dashboardFolder } from '../../src/http/dashboard.ts';
import { readTrustedDocuments } from '../../src/limits/readTrustedDocuments.ts';
import * as generated from '../../web/src/graphql/graphql.ts';
import { buildDashboard } from '../support/build.ts';
import { addMessage } from './messagesSeed.ts';
import { describeInBrowser, Site } from './site.ts';

const pages = {
  '/': 'Overview',
  '/prospects': 'Prospects',
  '/drafts?status=ALL': 'Drafts',
  '/messages?tab=all': 'Messages',
  '/jobs': 'Jobs',
  '/jobs?start=draft': 'Start a draft job',
  '/schema': 'Schema health',
  ...Object.fromEntries(
    ['sending', 'follow-ups', 'language-model', 'templates', 'discovery', 'webhooks', 'api-keys', 'saved-filters', 'about'].map((tab) => [`/settings?tab=${tab}`, 'Settings']),
  ),
};

test('every operation of the dashboard is known as its cache sends it', async () => {
  await buildDashboard();
  const trusted = readTrustedDocuments('dashboard', join(dashboardFolder, 'trusted-documents.json'));
  const operations = Object.values<DocumentNode>(generated).filter(({ definitions }) => definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  expect(operations.length).toBeGreaterThan(50);
  const sent = operations.map((document) => stringifyDocument(formatDocument(document)));
  expect(sent.filter((text) => !text.includes('__typename'))).toEqual([]);
  expect(sent.filter((text) => !trusted.has(parse(text)))).toEqual([]);
});

describeInBrowser('the dashboard of a server that runs known documents only', () => {
  let site!: Site;
  let page!: Page;
  const operations = { http: 0, socket: 0 };
  const refusals: string[] = [];

  /** What is asked of the API, and what it refuses. */
  function listen(): void {
    page.on('response', async (response) => {
      if (new URL(response.url()).pathname !== '/graphql') return;
      operations.http += 1;
      const text = await response.text().catch(() => '');
      if (text.includes('PERSISTED_QUERY')) refusals.push(`${response.request().postData()} ${text}`);
    });
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => (operations.socket += String(payload).includes('"subscribe"') ? 1 : 0));
      socket.on('framereceived', ({ payload }) => String(payload).includes('PERSISTED_QUERY') && refusals.push(String(payload)));
    });
  }

  beforeAll(async () => {
    site = await Site.open({ TRUSTED_DOCUMENTS: 'dashboard' });
    await site.program.addProspects(3, { review: 'pending' });
    await addMessage(site.program, { name: 'Ada', status: 'sent' });
    page = await site.enter();
    listen();
    await page.goto(site.program.loginUrl());
  });

  afterAll(async () => {
    await site?.close();
  });

  it('shows every page', async () => {
    for (const [path, title] of Object.entries(pages)) {
      await page.goto(site.url(path));
      await page.getByText(title).first().waitFor();
      await page.waitForFunction(() => document.querySelector('[role=status][aria-label^=Reading]') === null);
    }
    expect(refusals).toEqual([]);
    expect(operations.http).toBeGreaterThan(Object.keys(pages).length);
    expect(operations.socket).toBeGreaterThan(0);
  });

  it('writes, and is told of it', async () => {
    await page.goto(site.url('/prospects'));
    await page.getByRole('link', { name: 'Add a prospect' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a prospect' });
    await dialog.getByLabel('Name').fill('Grace Hopper');
    await dialog.getByLabel('E-mail address').fill('grace@example.org');
    await dialog.getByRole('button', { name: 'Add the prospect' }).click();
    await page.getByRole('complementary', { name: 'Prospect', exact: true }).getByRole('heading', { name: 'Grace Hopper' }).waitFor();
    expect(refusals).toEqual([]);
  });

  it('is not let to run another document', async () => {
    const answer = await page.request.post(site.url('/graphql'), { data: { query: '{ viewer { role } }' } });
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_ALLOWED' } }] });
  });
});
