import { expect, test } from '@jest/globals';
import { escapeLiteral } from 'pg';
import { withoutLiterals } from '../../src/telemetry/withoutLiterals.ts';

test.each([
  ['placeholders stay', 'select a from b where c = $1 and d = any($23)', 'select a from b where c = $1 and d = any($23)'],
  ['strings and numbers go', `update a set b = 'ada@example.org', c = 42, d = -1.5e3 where e1 = 'it''s'`, 'update a set b = ?, c = ?, d = -? where e1 = ?'],
  ['a backslash ends no ordinary string', `select 'a\\', 'secret'`, 'select ?, ?'],
  ['it does in one with escapes', `select E'a\\' secret', e'b''c'`, 'select ?, ?'],
  ['strings between dollars', 'select $$secret$$, $tag$it\'s $$ secret$tag$, $1', 'select ?, ?, $1'],
  ['quotation marks in comments', `select 1 -- don't\n, 'secret' /* it's */ from a`, 'select ? , ? from a'],
  ['quotation marks in names', `select "it's" from "a""b" where c = 'secret'`, `select "it's" from "a""b" where c = ?`],
  ['a string that does not end', `select 'secret`, 'select ?'],
  ['types and names with digits', 'select a1::int4, b::numeric, t2.c from t2', 'select a1::int4, b::numeric, t2.c from t2'],
])('%s', (_what, text, bare) => {
  expect(withoutLiterals(text)).toBe(bare);
});

test('nothing that PostgreSQL takes for a literal is left, whatever it is made of', () => {
  const parts = ["'", '\\', '"', '$', '--', '/*', '*/', 'E', 'secret', ' ', '\n', '?', '$1', '$$'];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 5_000; round += 1) {
    const values = Array.from({ length: 3 }, () => Array.from({ length: 1 + random(8) }, () => parts[random(parts.length)]).join('') + 'secret');
    const bare = withoutLiterals(`insert into a (b, c, d) values (${values.map(escapeLiteral).join(', ')}) returning e`);
    expect(bare).toMatch(/^insert into a \(b, c, d\) values \( ?\?, ?\?, ?\?\) returning e$/);
  }
});

test('what is very long is cut', () => {
  expect(withoutLiterals(`select ${'a, '.repeat(5_000)}`).length).toBeLessThanOrEqual(2_000);
});
