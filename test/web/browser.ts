import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);

/** A browser of one test run; `close` removes what it unpacked too. */
export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/**
 * The Chromium that npm brought (Linux x64), else an installed Chrome or Edge; null where there is none.
 * @param unpacked where the packaged Chromium was unpacked (`unpackBrowser`); it stays there. Without it, it is unpacked for this browser alone
 */
export async function openBrowser(unpacked?: string): Promise<TestBrowser | null> {
  if (isPackaged) return unpacked === undefined ? openPackaged() : launch(unpacked);
  for (const channel of ['chrome', 'msedge']) {
    try {
      const browser = await chromium.launch({ channel });
      return { browser, close: () => browser.close() };
    } catch {
      // The next one may be installed.
    }
  }
  return null;
}

/** Whether npm brought a Chromium for this machine. */
export const isPackaged = process.platform === 'linux' && process.arch === 'x64';

/** @sparticuz/chromium unpacks into the temporary folder, whatever lies there: it gets one of its own. */
export async function unpackBrowser(folder: string): Promise<void> {
  // AWS_EXECUTION_ENV makes it unpack the libraries that a machine without a desktop lacks.
  await run(process.execPath, [fileURLToPath(new URL('./unpackChromium.ts', import.meta.url))], {
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  // Its own configuration names folders of a Lambda; a page without any font ends the browser.
  const fonts = join(folder, 'fonts');
  await writeFile(join(fonts, 'fonts.conf'), `<fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>`);
}

async function openPackaged(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'outrider-browser-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await unpackBrowser(folder);
    const { browser } = await launch(folder);
    return { browser, close: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function launch(folder: string): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu'],
    env: { ...process.env, FONTCONFIG_PATH: join(folder, 'fonts'), LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') },
  });
  return { browser, close: () => browser.close() };
}
