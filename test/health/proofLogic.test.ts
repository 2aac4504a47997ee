import { jest } from '@jest/globals';
import type { ClientBase } from 'pg';
import type { LiveCatalog } from '../../src/health/liveCatalog.ts';
import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import type { Finding } from '../../src/health/finding.ts';
import { decide, type Meaning } from '../../src/health/proof/decide.ts';
import { textOf, type Expression } from '../../src/health/proof/expression.ts';
import { normalForm } from '../../src/health/proof/normalForm.ts';
import type { Facts } from '../../src/health/proof/types.ts';
import { proveSpellings } from '../../src/health/proof/proveSpellings.ts';
import { readExpression } from '../../src/health/proof/readExpression.ts';

const column = (type: string, notNull = false) => ({ type, notNull });

const facts: Facts = {
  columns: {
    score: column('integer'),
    a: column('integer', true),
    b: column('integer', true),
    c: column('integer', true),
    rate: column('numeric'),
    label: column('text'),
    name: column('character varying(20)'),
    open: column('boolean'),
    done: column('boolean', true),
    mood: column('mood'),
    state: column('mood', true),
    at: column('timestamp with time zone'),
  },
  enums: { mood: ['low', 'fair', 'high'] },
};

function read(sql: string): Expression {
  const expression = readExpression(sql);
  if (!expression) throw new Error(`cannot read ${sql}`);
  return normalForm(expression, facts);
}

/** null: not decided here */
function relation(meaning: Meaning, ours: string, theirs: string): string | null {
  const [a, b] = [read(ours), read(theirs)];
  if (textOf(a) === textOf(b)) return 'same';
  const decision = decide(meaning, facts, [a], [b]);
  if (!decision) return null;
  const { looser, stricter, certain } = decision;
  if (looser === null && stricter === null) return 'same';
  if (!certain) return null;
  return looser === null ? `refuses ${stricter}` : stricter === null ? `accepts ${looser}` : `accepts ${looser}, refuses ${stricter}`;
}

describe('two checks', () => {
  const same: [ours: string, theirs: string][] = [
    ['score >= 0', '0 <= score'],
    ['score >= 0', 'score > -1'],
    ['score >= 0', 'NOT (score < 0)'],
    ['score >= 0', '(score IS NULL) OR (score >= 0)'],
    ['score >= 0', 'COALESCE(score, 0) >= 0'],
    ['score >= 0', 'GREATEST(score, 0) = score'],
    ['score >= 0', '(score)::bigint >= (0)::bigint'],
    ['score >= 0', '(score)::numeric >= 0.0'],
    ['(score >= 1) AND (score <= 9)', '(score < 10) AND (score > 0)'],
    ['(score >= 1) AND (score <= 9)', 'NOT ((score < 1) OR (score > 9))'],
    ['(char_length(label) >= 1) AND (char_length(label) <= 5)', '(length(label) > 0) AND (length(label) < 6)'],
    ['char_length(label) > 0', 'length(label) <> 0'],
    ['LEAST(a, b, c) >= 0', '(a >= 0) AND ((b >= 0) AND (c >= 0))'],
    ['((a + b) + c) > 0', '(c + (b + a)) > 0'],
    ['a <= b', 'NOT (b < a)'],
    [`mood = ANY (ARRAY['low'::mood, 'high'::mood])`, `mood <> 'fair'::mood`],
    [`mood = ANY (ARRAY['low'::mood, 'high'::mood])`, `mood = ANY ('{high,low}'::mood[])`],
    [`mood = ANY (ARRAY['low'::mood, 'high'::mood])`, `(mood = 'high'::mood) OR (mood = 'low'::mood)`],
    [`mood = ANY (ARRAY['low'::mood, 'high'::mood])`, `(mood)::text = ANY (ARRAY['low'::text, 'high'::text])`],
    [`mood < 'high'::mood`, `mood = ANY (ARRAY['low'::mood, 'fair'::mood])`],
    [`(at IS NOT NULL) = (state = 'high'::mood)`, `CASE WHEN (state = 'high'::mood) THEN (at IS NOT NULL) ELSE (at IS NULL) END`],
    [`(at IS NOT NULL) = (state = 'high'::mood)`, `(at IS NULL) = (state <> 'high'::mood)`],
    [`(name)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])`, `((name)::text = 'y'::text) OR ((name)::text = 'x'::text)`],
    ['open', 'open IS NOT FALSE'],
    ['open = true', 'NOT (NOT open)'],
    ['rate > 0.5', '0.50 < rate'],
  ];
  test.each(same)('say the same: %s and %s', (ours, theirs) => {
    expect(relation('check', ours, theirs)).toBe('same');
    expect(relation('check', theirs, ours)).toBe('same');
  });

  const different: [ours: string, theirs: string, relation: string][] = [
    ['score >= 0', 'score >= -5', 'accepts score = -5'],
    ['score >= 0', 'score > 0', 'refuses score = 0'],
    ['score >= 0', '(score >= 0) AND (score IS NOT NULL)', 'refuses score is null'],
    ['score >= 0', '(score >= 5) OR (score < -5)', 'accepts score = -6, refuses score = 0'],
    ['score >= 0', 'true', 'accepts score = -1'],
    [`mood <> 'fair'::mood`, `mood = 'low'::mood`, `refuses mood = 'high'`],
    ['rate >= 0.5', 'rate > 0.5', 'refuses rate = 0.5'],
    ['a <= b', 'a < b', 'refuses a = 1, b = 1'],
    [`label <> 'x'::text`, `label <> 'X'::text`, `accepts label = 'x', refuses label = 'X'`],
  ];
  test.each(different)('differ: %s and %s', (ours, theirs, expected) => {
    expect(relation('check', ours, theirs)).toBe(expected);
  });

  const undecided: [ours: string, theirs: string][] = [
    ['score >= 0', 'sign((score)::double precision) >= (0)::double precision'],
    ['octet_length(label) < 5', 'length(label) < 5'],
    [`label < 'm'::text`, `label <= 'M'::text`],
    [`label ~ '^a'::text`, `"left"(label, 1) = 'a'::text`],
  ];
  test.each(undecided)('are left to PostgreSQL where more than order matters: %s and %s', (ours, theirs) => {
    expect(relation('check', ours, theirs)).toBeNull();
  });
});

describe('two predicates', () => {
  test('differ where NULL passes the one and not the other, as checks do not', () => {
    expect(relation('predicate', 'score >= 0', '(score IS NULL) OR (score >= 0)')).toBe('accepts score is null');
    expect(relation('check', 'score >= 0', '(score IS NULL) OR (score >= 0)')).toBe('same');
  });

  test('of a column that is never NULL say the same as ours in fewer words', () => {
    expect(relation('predicate', 'NOT done', 'done IS NOT TRUE')).toBe('same');
    expect(relation('predicate', 'NOT open', 'open IS NOT TRUE')).toBe('accepts open is null');
  });
});

describe('two values', () => {
  const same: [ours: string, theirs: string][] = [
    ['((a + b) + c)', '(c + (a + b))'],
    ['(a * (b + 1))', '((a * b) + a)'],
    [`COALESCE(score, '-1'::integer)`, 'CASE WHEN (score IS NULL) THEN (0 - 1) ELSE score END'],
    ['COALESCE((a + b), 0)', '(b + a)'],
    ['COALESCE(score, COALESCE(a, b))', 'COALESCE(score, a)'],
    [`lower((name)::text)`, `lower(((name)::character varying)::text)`],
    ['NULLIF(score, 0)', 'CASE score WHEN 0 THEN NULL::integer ELSE score END'],
  ];
  test.each(same)('are the same: %s and %s', (ours, theirs) => {
    expect(relation('value', ours, theirs)).toBe('same');
  });

  const different: [ours: string, theirs: string][] = [
    ['((a + b) + c)', '(a + b)'],
    ['(a - b)', '(b - a)'],
    ['COALESCE(score, 0)', `COALESCE(score, '-1'::integer)`],
    ['lower(label)', 'upper(label)'],
    ['(a / b)', '((a)::numeric / (b)::numeric)'],
    [`(label || 'x'::text)`, `('x'::text || label)`],
  ];
  test.each(different)('are not: %s and %s', (ours, theirs) => {
    expect(relation('value', ours, theirs)).not.toBe('same');
  });
});

test('what is not understood is not read', () => {
  const unknown = ['EXISTS (SELECT 1)', 'x IN (1, 2', `E'a\\nb'`, 'ROW(1, 2).f', 'extract(year from at) > 1', '', 'a +', `(a) OVERLAPS (b)`];

  expect(unknown.map((sql) => readExpression(sql))).toEqual(unknown.map(() => null));
});

test('what there was no time to compare stays a difference, and says so', async () => {
  const finding: Finding = { kind: 'COLUMN_DEFAULT', effect: 'SILENT', message: 'Another default.', spelling: { of: 'default', type: 'integer', expected: '1', actual: '(1)' } };
  const live = { database: { schema: 'public' } } as LiveCatalog;
  // Neither of them needs a question to PostgreSQL.
  const prove = () => proveSpellings({} as ClientBase, [finding], expectedCatalog, live);
  const inTime = await prove();
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  const late = await prove();
  clock.mockRestore();

  expect(inTime).toEqual([]);
  expect(late.map(({ message }) => message)).toEqual(['Another default. There was no time to find out whether it means the same.']);
});
