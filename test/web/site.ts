import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { buildDashboard, buildProgram } from '../support/build.ts';
import { oncePerRun } from '../support/oncePerRun.ts';
import { publishedServer } from '../support/server.ts';
import { isPackaged, openBrowser, type TestBrowser, unpackBrowser } from './browser.ts';
import { Program } from './program.ts';

const opened = await openShared();
if (!opened) console.warn('The browser tests are skipped: there is no Chromium, Chrome or Edge on this machine.');

/** `describe` where there is a browser. */
export const describeInBrowser = opened ? describe : describe.skip;

/** The built program with its server, and a signed-in page of a browser. */
export class Site {
  /** faults of the pages themselves */
  readonly crashes: Error[] = [];
  readonly browser: Browser = opened!.browser;
  readonly program: Program;
  server: ChildProcess;
  page!: Page;

  private constructor(program: Program, server: ChildProcess) {
    this.program = program;
    this.server = server;
  }

  /**
   * Call it in `beforeAll`.
   * @param settings variables of the environment
   */
  static async open(settings: NodeJS.ProcessEnv = {}): Promise<Site> {
    await Promise.all([buildProgram(), buildDashboard()]);
    const program = await Program.open(settings);
    const site = new Site(program, await program.serve());
    site.page = await site.visit();
    return site;
  }

  /** A page of its own context, signed in with the administrator's token or another key. */
  async visit(options: BrowserContextOptions & { key?: string } = {}): Promise<Page> {
    const page = await this.enter(options);
    const { key } = options;
    if (key !== undefined) await page.request.post(this.url('login'), { data: { token: key } });
    await page.goto(key === undefined ? this.program.loginUrl() : this.program.url);
    return page;
  }

  /** A page of a browser that the server does not know. */
  async enter(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.browser.newContext({ locale: 'en-GB', ...options })).newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => this.crashes.push(error));
    return page;
  }

  /** The address of a path of the dashboard. */
  url(path: string): string {
    return new URL(path, this.program.url).href;
  }

  async close(): Promise<void> {
    await opened!.close();
    await this.program.close();
  }
}

/** The packaged Chromium is unpacked once in a run. */
async function openShared(): Promise<TestBrowser | null> {
  if (!isPackaged) return openBrowser();
  const folder = join(publishedServer().folder, 'chromium');
  await oncePerRun('unpack the browser', async () => {
    await mkdir(folder, { recursive: true });
    await unpackBrowser(folder);
  });
  return openBrowser(folder);
}

/** The socket of a page is lost and comes back, upon which the page reads everything again: `query`, by its name, is read and shown. */
export async function reconnect(page: Page, query: string): Promise<void> {
  const banner = page.getByText('Live updates lost');
  await page.context().setOffline(true);
  await banner.waitFor();
  const read = page.waitForResponse((response) => (response.request().postData() ?? '').includes(`query ${query}`) && response.ok());
  await page.context().setOffline(false);
  await (await read).finished();
  await banner.waitFor({ state: 'detached' });
  await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown))));
}

/** From now on what the page asks for by itself or by a click, or of that `query` by its name, waits for the release; mutations do not. @returns the release */
export async function holdReads(page: Page, query = ''): Promise<() => Promise<void>> {
  const released = Promise.withResolvers<void>();
  const hold = async (route: Route) => {
    if ((route.request().postData() ?? '').includes(`query ${query}`)) await released.promise;
    await route.continue();
  };
  await page.route('**/graphql', hold);
  return async () => {
    released.resolve();
    await page.unrouteAll({ behavior: 'wait' });
  };
}

/** What axe finds on the page as it stands, and whether the page is wider than its window. */
export async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  });
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()}: ${id} ${html}`)),
    ...(tooWide > 0 ? [`${page.url()}: ${tooWide} px too wide`] : []),
  ];
}
