import type { CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../test/web/browser.ts';
import { query, type BenchServer } from './database.ts';
import { startEventProxy } from './eventProxy.ts';
import type { Figure } from './figures.ts';
import { benchToken, startOutrider } from './serverProcess.ts';

const jobs = 25;
const prospects = 10_000;

/** What the job list shows of a job, as a subscription brings it. */
interface JobEvent {
  id: string;
  sequence: number;
  processed: number;
}

/** Frames a second of a browser without a screen or a graphics card, which shares the processor with the server. */
export async function benchDashboard(server: BenchServer): Promise<Figure[]> {
  const opened = await openBrowser();
  if (!opened) throw new Error('There is no Chromium, Chrome or Edge on this machine.');
  const url = await server.createDatabase('dashboard');
  await seed(url);
  const outrider = await startOutrider(url, JSON.stringify({ query: '{ __typename }' }));
  const proxy = await startEventProxy(outrider.url);
  try {
    const page = await (await opened.browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.goto(`${proxy.url}/?token=${benchToken}`);
    await page.goto(`${proxy.url}/prospects`);
    await page.getByRole('row').nth(1).waitFor();
    const firstRow = await firstRowAfter(page);
    await page.goto(`${proxy.url}/jobs`);
    await page.getByRole('row').nth(jobs).waitFor();
    const shown = await jobsOf(outrider.send);
    const event = (index: number): JobEvent => {
      const job = shown[index % shown.length]!;
      return { ...job, sequence: job.sequence + 1 + index, processed: Math.floor(index / shown.length) % 100_000 };
    };
    const still = await framesDuring(page, () => page.waitForTimeout(5_000));
    const slow = await framesDuring(page, () => proxy.flood('jobsChanged', 200, 60, event));
    await page.getByText(`${(200 * 60) / jobs - 1} of 100,000`).first().waitFor();
    const fast = await framesDuring(page, () => proxy.flood('jobsChanged', 1_000, 20, event));
    const growth = await growthDuring(page, () => proxy.flood('jobsChanged', 400, 90, event));
    await page.goto(`${proxy.url}/prospects?rows=${prospects}`);
    await page.getByText(`${prospects.toLocaleString('en')} prospects match`).waitFor();
    await page.waitForFunction((rows) => document.querySelector('[aria-rowcount]')?.getAttribute('aria-rowcount') === String(rows + 1), prospects, { timeout: 120_000 });
    const scrolling = await framesDuring(page, () => scrollDown(page, 10_000));
    return [
      { what: 'frames a second of the job list, nothing happening', unit: '', ours: still },
      atLeast('frames a second of the job list at 200 events a second for a minute', slow, 58),
      atLeast('frames a second of the job list at 1,000 events a second', fast, 50),
      atLeast('frames a second, a list of 10,000 prospects scrolled', scrolling, 45),
      atMost('memory after 36,000 events (30 minutes at 20 a second)', 'MB', growth, 10),
      atMost('first row of the prospects after the page was asked for', 'ms', firstRow, 1_000),
    ];
  } finally {
    proxy.close();
    await Promise.all([outrider.stop(), opened.close()]);
  }
}

async function seed(url: string): Promise<void> {
  await query(
    url,
    `insert into prospects (id, canonical_key, profile_url, display_name, email, bio_text)
     select gen_random_uuid(), 'example.org/' || n, 'https://example.org/' || n, 'Prospect ' || n, 'hello' || n || '@example.org', repeat('Makes things. ', 1 + n % 12)
     from generate_series(1, ${prospects}) n`,
  );
  await query(url, `insert into jobs (id, job_type, status, total_targets) select gen_random_uuid(), 'draft', 'paused', 100000 from generate_series(1, ${jobs})`);
  await query(url, 'analyze');
}

async function jobsOf(send: (body: string) => Promise<string>): Promise<JobEvent[]> {
  const fields = '__typename id type status sequence totalTargets processed doneCount draftsCreated failedCount skippedCount dryRun waitingFor createdBy createdAt startedAt finishedAt';
  const answer = await send(JSON.stringify({ query: `{ jobs(first: ${jobs}) { nodes { ${fields} } } }` }));
  return (JSON.parse(answer) as { data: { jobs: { nodes: JobEvent[] } } }).data.jobs.nodes;
}

/** Frames a second over the time that `action` takes. */
async function framesDuring(page: Page, action: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const count = { frames: 0, since: performance.now() };
    Object.assign(window, { outriderFrames: count });
    const next = () => {
      count.frames++;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await action();
  return page.evaluate(() => {
    const { frames, since } = (window as unknown as { outriderFrames: { frames: number; since: number } }).outriderFrames;
    return (frames * 1000) / (performance.now() - since);
  });
}

/** MB of the JavaScript heap that remain after a collection, more than before. */
async function growthDuring(page: Page, action: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const before = await heapOf(session);
  await action();
  return (await heapOf(session)) - before;
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

async function scrollDown(page: Page, ms: number): Promise<void> {
  await page.mouse.move(720, 500);
  const end = performance.now() + ms;
  while (performance.now() < end) await page.mouse.wheel(0, 400);
}

/** From the request for the page to its first row, in ms. */
async function firstRowAfter(page: Page): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  await page.getByRole('row').nth(1).waitFor();
  return page.evaluate(() => performance.now());
}

function atLeast(what: string, ours: number, goal: number): Figure {
  return { what, unit: '', ours, peer: 'goal', theirs: goal, ratio: ours / goal, goal: '≥ 1', reached: ours >= goal };
}

function atMost(what: string, unit: string, ours: number, goal: number): Figure {
  return { what, unit, ours, peer: 'goal', theirs: goal, ratio: ours / goal, goal: '≤ 1', reached: ours <= goal };
}
