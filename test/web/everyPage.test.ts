import type { Page } from 'playwright-core';
import { addJob } from './jobsSeed.ts';
import { addMessage } from './messagesSeed.ts';
import { describeInBrowser, faults, Site } from './site.ts';

const pages = {
  '/': 'Overview',
  '/prospects': 'Prospects',
  '/drafts?status=ALL': 'Drafts',
  '/messages?tab=all': 'Messages',
  '/jobs': 'Jobs',
  '/jobs?start=draft': 'Start a draft job',
  '/job': 'Draft job',
  '/schema': 'Schema health',
  '/settings': 'Settings',
  '/nowhere': 'There is no such page',
};

const hardNames = {
  long: 'Nomen'.repeat(60),
  rightToLeft: 'مشروع برمجيات حرة لإدارة المراسلات',
  emoji: '👩‍👩‍👧‍👦🏳️‍🌈 Ünïcödé ⚙️',
  markup: '<b>&amp;</b> "quoted"',
};

describeInBrowser('every page', () => {
  let site!: Site;
  let jobPath = '';

  beforeAll(async () => {
    site = await Site.open();
    for (const name of Object.values(hardNames)) await addMessage(site.program, { name, status: 'sent', subject: name, body: `${name}\n\n${name}`, error: name });
    jobPath = (await addJob(site.program, { by: hardNames.long })).path;
  });

  afterAll(async () => {
    await site?.close();
  });

  describe.each([
    { what: 'in a window of 1280 px at 200 %, dark', colorScheme: 'dark', width: 640 },
    { what: 'on a telephone, light', colorScheme: 'light', width: 360 },
  ] as const)('$what', ({ colorScheme, width }) => {
    let page!: Page;
    beforeAll(async () => {
      page = await site.visit({ colorScheme, viewport: { width, height: 900 } });
    });
    afterAll(() => page?.context().close());

    it.each(Object.entries(pages))('has no fault that axe finds and is not too wide, whatever the names: %s', async (path, title) => {
      await page.goto(site.url(path === '/job' ? jobPath : path));
      await complete(page, title);
      expect(await faults(page)).toEqual([]);
    });
  });

  it('holds still for those who asked for less motion', async () => {
    const page = await site.visit({ reducedMotion: 'reduce' });
    for (const path of ['/', '/jobs', '/schema']) {
      await page.goto(site.url(path));
      await complete(page, pages[path as keyof typeof pages]);
      const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
      expect(moving).toBe(0);
    }
    await page.context().close();
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** Waits until nothing of the page is on its way any more. */
async function complete(page: Page, title: string): Promise<void> {
  await page.getByText(title).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role=status][aria-label^=Reading]') === null);
}
