import { createEmptyDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { describeInBrowser, faults, Site } from './site.ts';

describeInBrowser('the page of schema health on a database without our tables', () => {
  let site!: Site;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    site = await Site.open({ SCHEMA_POLICY: 'degrade', DATABASE_URL: database.url });
  });

  afterAll(async () => {
    await site?.close();
    await database?.drop();
  });

  it('goes on when everything is broken, and says what is pending and what is not remembered', async () => {
    const { page } = site;
    await page.goto(site.url('schema'));
    await page.getByRole('region', { name: 'Verdict' }).getByText(/run "outrider migrate"/).waitFor();
    await page.getByRole('list', { name: 'Migrations, newest first' }).getByText('Pending').first().waitFor();
    await page.getByText('What has ended cannot be read now').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('applies the migrations whose statements were shown, and shows the check afterwards', async () => {
    const { page } = site;
    await page.keyboard.press('p');
    const preview = page.getByRole('dialog', { name: 'Preview of the migration' });
    await preview.getByText('Nothing has been changed yet', { exact: false }).waitFor();
    await preview.getByText('lines of SQL').first().click();
    await preview.getByText(/create type "role" as enum/).waitFor();
    expect(await faults(page)).toEqual([]);
    expect(await queryOnce(database.url, `select to_regclass('jobs') as jobs`)).toEqual([{ jobs: null }]);
    await preview.getByRole('button', { name: /^Apply exactly these \d+ migrations$/ }).click();
    const after = page.getByRole('dialog', { name: 'After the migration' });
    await after.getByText(/^Ready: The schema is as/).waitFor();
    await after.getByRole('region', { name: /^Went away/ }).getByText(/0001_pipeline.* consequences/).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Migrations' }).getByText('Up to date').waitFor();
    await page.getByRole('region', { name: 'Repairs' }).getByText(/^Migration of \d+ steps by/).waitFor();
    expect(site.crashes).toEqual([]);
  });
});
