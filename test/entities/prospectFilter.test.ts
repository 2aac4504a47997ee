import { type Kysely, sql } from 'kysely';
import { PipelineStage, Platform, ReviewStatus, SourceType } from '../../src/domain/enums.ts';
import { prospectConditions, type ProspectFilter } from '../../src/entities/prospectFilter.ts';
import { ImportBench } from '../import/support.ts';

let bench: ImportBench;
let db: Kysely<unknown>;
let jobId: string;
beforeAll(async () => {
  bench = await ImportBench.open();
  db = bench.orm.em.fork().getKysely<unknown>();
  jobId = (
    await bench.import(
      'name,url,username,platform,email,tags,followers,bio\n' +
        'Ada,https://a.example,,,a@b.example,"x,y",,Writes engines\n' +
        'Bob,,bob,github,,y,5,\n' +
        'Cid,https://c.example,,mystery,c@d.example,,0,\n',
    )
  ).id;
  await bench.query(`update prospects set review_status = 'approved' where display_name = 'Bob'`);
});
afterAll(() => bench.close());

test.each<[string, ProspectFilter, string[]]>([
  ['nothing given', {}, ['Ada', 'Bob', 'Cid']],
  ['nulls', { sourceType: null, tag: null, hasEmail: null, minFollowers: null, search: null, stage: null }, ['Ada', 'Bob', 'Cid']],
  ['source type', { sourceType: SourceType.SOCIAL }, ['Bob']],
  ['one platform', { sourcePlatform: [Platform.GITHUB] }, ['Bob']],
  ['several platforms', { sourcePlatform: [Platform.GITHUB, Platform.OTHER] }, ['Bob', 'Cid']],
  ['no platform', { sourcePlatform: [] }, []],
  ['stage', { stage: [PipelineStage.REVIEWED] }, ['Bob']],
  ['review', { reviewStatus: [ReviewStatus.PENDING] }, ['Ada', 'Cid']],
  ['with an address', { hasEmail: true }, ['Ada', 'Cid']],
  ['without an address', { hasEmail: false }, ['Bob']],
  ['a tag', { tag: 'y' }, ['Ada', 'Bob']],
  ['all of the tags', { tags: ['x', 'y'] }, ['Ada']],
  ['followers: unknown is none', { minFollowers: 0 }, ['Bob', 'Cid']],
  ['search over the bio', { search: 'engines' }, ['Ada']],
  ['search that is only space', { search: ' ' }, ['Ada', 'Bob', 'Cid']],
  ['created before', { createdBefore: new Date(0) }, []],
  ['created after', { createdAfter: new Date(0) }, ['Ada', 'Bob', 'Cid']],
  ['several conditions', { tag: 'y', hasEmail: true }, ['Ada']],
])('filters by %s', async (_, filter, expected) => {
  expect(await select(filter)).toEqual(expected);
});

test('filters by the import that wrote them', async () => {
  expect(await select({ jobId })).toEqual(['Ada', 'Bob', 'Cid']);
  expect(await select({ jobId: '00000000-0000-7000-8000-000000000000' })).toEqual([]);
});

async function select(filter: ProspectFilter): Promise<string[]> {
  const where = sql.join([sql`true`, ...prospectConditions(filter, 'p')], sql` and `);
  const { rows } = await sql<{ name: string }>`select display_name as name from prospects as p where ${where} order by name`.execute(db);
  return rows.map(({ name }) => name);
}
