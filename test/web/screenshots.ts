/**
 * Takes the README's pictures: of the built program with the demo's data, in Chromium. `npm run screenshots`.
 * With a folder as its argument it takes every page there instead, wide and narrow, light and dark, to look at.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.ts';

interface Picture {
  name: string;
  path: string;
  /** what to press when the page is there */
  keys?: readonly string[];
  /** text that is there when the page is complete */
  ready: string;
  colorScheme?: 'dark';
  /** whether the README shows it */
  shown?: true;
}

const pictures: readonly Picture[] = [
  { name: 'overview', path: '/', ready: 'here now', shown: true },
  { name: 'prospects', path: '/prospects', ready: 'All prospects' },
  { name: 'prospect', path: '/prospects', ready: 'prospects match', keys: ['j', 'Enter'] },
  { name: 'drafts', path: '/drafts', ready: 'Follow-up', keys: ['j', 'Enter'], shown: true },
  { name: 'messages', path: '/messages', ready: 'Sent' },
  { name: 'message', path: '/messages', ready: 'Other', keys: ['j', 'Enter'] },
  { name: 'jobs', path: '/jobs', ready: 'Follow up' },
  { name: 'job', path: '/jobs?type=SEND', ready: '599 of 599', keys: ['j', 'j', 'Enter'], shown: true },
  { name: 'schema', path: '/schema', ready: 'Features', colorScheme: 'dark', shown: true },
  { name: 'settings', path: '/settings', ready: 'Senders' },
  { name: 'graphiql', path: '/graphiql', ready: 'displayName', keys: ['Control+Enter'] },
];

const root = join(import.meta.dirname, '../..');
const folder = process.argv[2];
const dataDir = mkdtempSync(join(tmpdir(), 'outrider-screenshots-'));
const program = spawn(process.execPath, [join(root, 'dist/index.js'), 'demo'], { env: { ...process.env, DATA_DIR: dataDir, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(program, 'exit');
const opened = await openBrowser();
try {
  if (!opened) throw new Error('There is no Chromium, Chrome or Edge on this machine.');
  const url = await loginUrl();
  if (folder === undefined) await take(opened.browser, url, join(root, 'docs/images'), { width: 1280, height: 800 });
  else
    for (const width of [1440, 1024, 360]) {
      for (const colorScheme of ['light', 'dark'] as const) await take(opened.browser, url, folder, { width, height: 900 }, { colorScheme, suffix: `-${width}-${colorScheme}` });
    }
} finally {
  program.kill('SIGINT');
  await Promise.all([ended, opened?.close()]);
  rmSync(dataDir, { recursive: true, force: true });
}

/** The address that the demo prints once its pipeline has run. */
async function loginUrl(): Promise<string> {
  for await (const line of createInterface(program.stdout)) {
    console.log(line);
    const url = /^Open (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The demo ended before it was ready.');
}

async function take(browser: Browser, url: string, into: string, viewport: { width: number; height: number }, every: { colorScheme?: 'light' | 'dark'; suffix?: string } = {}): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const chosen = pictures.filter(({ colorScheme, shown }) => (every.colorScheme ?? (shown ? (colorScheme ?? 'light') : null)) === scheme);
    if (chosen.length === 0) continue;
    const context = await browser.newContext({ viewport, colorScheme: scheme, locale: 'en-GB', deviceScaleFactor: every.suffix ? 1 : 2 });
    const page = await context.newPage();
    await page.goto(url);
    for (const { name, path, ready, keys = [] } of chosen) {
      await page.goto(new URL(path, url).href);
      await page.getByText(ready).first().waitFor();
      for (const key of keys) await page.keyboard.press(key);
      await page.waitForFunction(() => document.querySelector('[role=status][aria-label^=Reading]') === null);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(into, `${name}${every.suffix ?? ''}.png`), fullPage: every.suffix !== undefined });
    }
    await context.close();
  }
}
