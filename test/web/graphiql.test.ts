import type { ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';
import { buildGraphiql } from '../support/build.ts';
import { waitFor } from '../support/waitFor.ts';
import { describeInBrowser, Site } from './site.ts';

/** the editor of variables, or that of headers */
const shownTool = '.graphiql-editor-tool .graphiql-editor:not(.hidden)';

describeInBrowser('GraphiQL', () => {
  let site!: Site;
  let page: Page;
  let worker: ChildProcess;
  const complaints: string[] = [];
  let job = '';

  beforeAll(async () => {
    await buildGraphiql();
    site = await Site.open();
    worker = await site.program.work();
    await site.program.addProspects(8);
    page = await watched(site.page);
  });

  afterAll(async () => {
    await site?.program.stop(worker);
    await site?.close();
  });

  async function watched(visited: Page): Promise<Page> {
    visited.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    return visited;
  }

  const open = (of: Page, name: string) => of.getByRole('tab', { name }).click();
  const run = async (of: Page) => {
    await of.locator('.graphiql-query-editor .CodeMirror').waitFor();
    await of.getByRole('button', { name: /^Execute query/ }).click();
  };
  const type = (of: Page, editor: string, text: string) =>
    of.locator(`${editor} .CodeMirror`).evaluate((element, value) => (element as unknown as Editor).CodeMirror.setValue(value), text);
  const read = (of: Page, editor: string) => of.locator(`${editor} .CodeMirror`).evaluate((element) => (element as unknown as Editor).CodeMirror.getValue());
  /** what the page shows as the answer, once it is one that fits */
  const answer = <Data>(of: Page, fits: (data: Data) => unknown): Promise<Data> =>
    waitFor(async () => {
      const { data } = JSON.parse((await read(of, '.result-window')) || '{}') as { data?: Data };
      return data && fits(data) ? data : null;
    }, { timeoutMs: 30_000 });

  it('is a step from the dashboard', async () => {
    await page.goto(site.url(''));
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await page.getByRole('tab', { name: 'Prospects' }).waitFor();
    expect(page.url()).toBe(site.url('graphiql'));
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Prospects', 'StartDraftJob', 'JobProgress', 'SchemaHealth']);
  });

  it('runs the first tab as the one who is signed in: a page of prospects', async () => {
    await run(page);
    const { prospects } = await answer<{ prospects: { totalCount: number; nodes: object[] } }>(page, (data) => data.prospects);
    expect([prospects.totalCount, prospects.nodes.length]).toEqual([8, 5]);
  });

  it('starts a draft job for people who are there', async () => {
    await open(page, 'StartDraftJob');
    await run(page);
    const { startDraftJob } = await answer<{ startDraftJob: { job: { id: string; totalTargets: number }; userErrors: object[] } }>(page, (data) => data.startDraftJob);
    expect(startDraftJob).toMatchObject({ job: { totalTargets: 3 }, userErrors: [] });
    job = startDraftJob.job.id;
  });

  it('shows how the job goes, until it ends', async () => {
    await open(page, 'JobProgress');
    await type(page, shownTool, JSON.stringify({ id: job }));
    await run(page);
    const { jobProgress } = await answer<{ jobProgress: { status: string; draftsCreated: number } }>(page, (data) => data.jobProgress?.status === 'SUCCEEDED');
    expect(jobProgress.draftsCreated).toBe(3);
    // The subscription has completed: what would stop it starts one again.
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  });

  it('shows every change while somebody else makes one', async () => {
    await type(page, '.graphiql-query-editor', 'subscription { jobsChanged { type totalTargets } }');
    await run(page);
    await page.getByRole('button', { name: /^Stop query/ }).waitFor();
    const told = answer<{ jobsChanged: { type: string } }>(page, (data) => data.jobsChanged?.type === 'IMPORT');
    let isTold = false;
    const watching = told.finally(() => (isTold = true));
    for (let n = 0; !isTold; n++) {
      await page.request.post(site.url('graphql'), { data: { query: `mutation { importProspects(input: { format: CSV, data: "displayName,username\\nAda,ada${n}" }) { job { id } } }` } });
    }
    await watching;
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  });

  it('tells the state of the schema', async () => {
    await open(page, 'SchemaHealth');
    await run(page);
    const { schemaHealth } = await answer<{ schemaHealth: { status: string; features: object[] } }>(page, (data) => data.schemaHealth);
    expect(schemaHealth.status).toBe('READY');
    expect(schemaHealth.features.length).toBeGreaterThan(3);
  });

  it('completes what is typed, and marks what does not exist', async () => {
    await type(page, '.graphiql-query-editor', '{ }');
    await page.locator('.graphiql-query-editor .CodeMirror').evaluate((element) => {
      const editor = (element as unknown as Editor).CodeMirror;
      editor.setCursor({ line: 0, ch: 2 });
      editor.focus();
    });
    await page.keyboard.type('schemaHe');
    await page.locator('.CodeMirror-hints').getByText('schemaHealth').first().waitFor();
    await page.keyboard.press('Escape');
    await type(page, '.graphiql-query-editor', '{ prospectz { totalCount } }');
    await page.locator('.CodeMirror-lint-mark-error').first().waitFor();
  });

  it('has the documentation of the schema', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).click();
    await page.getByRole('link', { name: 'startDraftJob', exact: true }).click();
    await page.getByRole('link', { name: 'StartDraftJobInput', exact: true }).waitFor();
  });

  it('takes a token as a header, over HTTP and over WebSocket, from somebody who is not signed in', async () => {
    const key = await site.program.createKey('viewer');
    const visitor = await watched(await site.enter());
    await visitor.goto(site.url('graphql'));
    await visitor.getByText('UNAUTHENTICATED').waitFor();
    expect(visitor.url()).toBe(site.url('graphiql'));
    // The browser itself says on its console that it was not let in.
    complaints.splice(0);
    await type(visitor, '.graphiql-query-editor', '{ viewer { name role } }');
    await visitor.getByRole('button', { name: 'Headers' }).click();
    await type(visitor, shownTool, JSON.stringify({ Authorization: `Bearer ${key}` }));
    await run(visitor);
    expect(await answer(visitor, (data: { viewer: object }) => data.viewer)).toEqual({ viewer: { name: 'viewer', role: 'VIEWER' } });
    await type(visitor, '.graphiql-query-editor', `subscription { jobProgress(id: "${job}") { totalTargets } }`);
    await run(visitor);
    expect(await answer(visitor, (data: { jobProgress: object }) => data.jobProgress)).toEqual({ jobProgress: { totalTargets: 3 } });
    expect(await visitor.evaluate(() => JSON.stringify(localStorage))).not.toContain(key);
    await visitor.context().close();
  });

  it('says what to do where a subscription needs to know who asks', async () => {
    const visitor = await site.enter();
    await visitor.goto(site.url('graphiql'));
    await visitor.getByText('UNAUTHENTICATED').waitFor();
    await open(visitor, 'JobProgress');
    await run(visitor);
    await visitor.getByText('The server does not know you: sign in to the dashboard').waitFor();
    await visitor.context().close();
  });

  it('has not crashed, and nothing was refused by the policy', () => {
    expect(site.crashes).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

interface Editor {
  CodeMirror: { getValue(): string; setValue(text: string): void; setCursor(place: { line: number; ch: number }): void; focus(): void };
}
