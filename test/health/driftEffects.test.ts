import type { Column, Constraint, Index, Routine, Trigger } from '../../src/health/catalog.ts';
import { extraTrigger } from '../../src/health/compare/extraTrigger.ts';
import { foreignKeyDifference } from '../../src/health/compare/foreignKeyDifference.ts';
import { indexDifference } from '../../src/health/compare/indexDifference.ts';
import { renamedColumns } from '../../src/health/compare/names/columns.ts';
import { renamedLabels } from '../../src/health/compare/names/enums.ts';
import { sameBody } from '../../src/health/compare/routineText.ts';
import { typeEffect } from '../../src/health/compare/typeEffect.ts';

describe('a column of another type', () => {
  const cases: [expected: string, actual: string, effect: string, sqlState?: string][] = [
    ['integer', 'bigint', 'SILENT'],
    ['integer', 'smallint', 'WRITE_FAILS', '22003'],
    ['bigint', 'integer', 'WRITE_FAILS', '22003'],
    ['integer', 'numeric', 'SILENT'],
    ['integer', 'text', 'FAILS', '42883'],
    ['integer', 'boolean', 'FAILS', '42883'],
    ['numeric(5,2)', 'numeric(4,2)', 'WRITE_FAILS', '22003'],
    ['numeric(5,2)', 'numeric(5,1)', 'SILENT'],
    ['numeric(5,2)', 'numeric(8,4)', 'NONE'],
    ['numeric(5,2)', 'integer', 'SILENT'],
    ['numeric(5,2)', 'double precision', 'SILENT'],
    ['text', 'character varying(10)', 'WRITE_FAILS', '22001'],
    ['character varying(255)', 'text', 'NONE'],
    ['character varying(255)', 'character varying(100)', 'WRITE_FAILS', '22001'],
    ['character varying(255)', 'character varying(300)', 'NONE'],
    ['text', 'citext', 'SILENT'],
    ['text', 'character(3)', 'SILENT'],
    ['text', 'uuid', 'FAILS', '22P02'],
    ['text', 'jsonb', 'FAILS', '22P02'],
    ['text', 'job_status', 'FAILS', '22P02'],
    ['uuid', 'text', 'FAILS', '42883'],
    ['job_status', 'text', 'FAILS', '42883'],
    ['jsonb', 'json', 'FAILS', '42883'],
    ['jsonb', 'text', 'FAILS', '42883'],
    ['boolean', 'text', 'FAILS', '42804'],
    ['timestamp(3) with time zone', 'timestamp(3) without time zone', 'SILENT'],
    ['timestamp(3) with time zone', 'timestamp(0) with time zone', 'SILENT'],
    ['timestamp(3) with time zone', 'date', 'SILENT'],
    ['timestamp with time zone', 'text', 'FAILS', '42883'],
    ['text[]', 'text', 'FAILS', '42804'],
    ['text[]', 'character varying[]', 'FAILS', '42883'],
    ['uuid[]', 'text[]', 'FAILS', '42883'],
  ];
  test.each(cases.map(([expected, actual, effect, sqlState]) => ({ expected, actual, effect, sqlState })))('$expected that became $actual: $effect', ({ expected, actual, effect, sqlState }) => {
    const found = typeEffect(expected, actual);

    expect([found.effect, found.sqlState]).toEqual([effect, sqlState]);
  });
});

describe('a foreign key', () => {
  const key = (more: Partial<Constraint> & { onDelete?: string; onUpdate?: string; table?: string; match?: string } = {}): Constraint => {
    const { onDelete = 'c', onUpdate = 'a', table = 'jobs', match = 's', ...own } = more;
    const columns = own.columns ?? ['job_id'];
    return { type: 'f', columns, validated: true, deferrable: false, deferred: false, enforced: true, expression: null, references: { table, columns: columns.map(() => 'id'), onDelete, onUpdate, match }, ...own };
  };
  const cases: [what: string, expected: Constraint, actual: Constraint, effect: string | null][] = [
    ['that is the same', key(), key(), null],
    ['of one column that matches fully', key(), key({ match: 'f' }), null],
    ['of two columns in another order', key({ columns: ['a', 'b'], references: { table: 't', columns: ['x', 'y'], onDelete: 'a', onUpdate: 'a', match: 's' } }), key({ columns: ['b', 'a'], references: { table: 't', columns: ['y', 'x'], onDelete: 'a', onUpdate: 'a', match: 's' } }), null],
    ['of two columns that matches fully', key({ columns: ['a', 'b'] }), key({ columns: ['a', 'b'], match: 'f' }), 'WRITE_FAILS'],
    ['that refuses instead of deleting', key(), key({ onDelete: 'a' }), 'WRITE_FAILS'],
    ['that deletes instead of refusing', key({ onDelete: 'a' }), key({ onDelete: 'c' }), 'SILENT'],
    ['that empties instead of deleting', key(), key({ onDelete: 'n' }), 'SILENT'],
    ['that refuses at the end instead of at once', key({ onDelete: 'r' }), key({ onDelete: 'a' }), 'NONE'],
    ['that refuses at once instead of at the end', key({ onDelete: 'a' }), key({ onDelete: 'r' }), 'WRITE_FAILS'],
    ['that passes a changed key on', key(), key({ onUpdate: 'c' }), 'SILENT'],
    ['that refers to another table', key(), key({ table: 'prospects' }), 'WRITE_FAILS'],
    ['that may be put off', key(), key({ deferrable: true }), 'NONE'],
    ['that is put off', key(), key({ deferrable: true, deferred: true }), 'WRITE_FAILS'],
    ['that is put off no more', key({ deferrable: true, deferred: true }), key(), 'WRITE_FAILS'],
  ];
  test.each(cases)('%s', (_, expected, actual, effect) => {
    expect(foreignKeyDifference(expected, actual)?.effect ?? null).toBe(effect);
  });
});

describe('an index', () => {
  const keys = (...names: string[]) => names.map((of) => ({ of, opclass: null, collation: null, descending: false, nullsFirst: false }));
  const index = (more: Partial<Index> = {}): Index => ({
    unique: false, primary: false, immediate: true, valid: true, building: false, nullsNotDistinct: false, method: 'btree',
    keys: keys('a', 'b'), included: [], predicate: null, constraint: null, excludes: null, ...more,
  });
  const unique = (more: Partial<Index> = {}) => index({ unique: true, ...more });
  const flipped = (more: { descending: boolean; nullsFirst: boolean }) => index({ keys: keys('a', 'b').map((key) => ({ ...key, ...more })) });
  const cases: [what: string, expected: Index, actual: Index, effect: string | null, sqlState?: string][] = [
    ['that is the same', index(), index(), null],
    ['with its included columns in another order', index({ included: ['x', 'y'] }), index({ included: ['y', 'x'] }), null],
    ['with other included columns', index({ included: ['x'] }), index(), 'SLOW'],
    ['over other columns', index(), index({ keys: keys('a', 'c') }), 'SLOW'],
    ['with its columns in another order', index(), index({ keys: keys('b', 'a') }), 'SLOW'],
    ['by another method', index(), index({ method: 'hash' }), 'SLOW'],
    ['sorted the other way round as a whole', index(), flipped({ descending: true, nullsFirst: true }), 'NONE'],
    ['sorted otherwise', index(), flipped({ descending: true, nullsFirst: false }), 'SLOW'],
    ['that became unique', index(), unique(), 'WRITE_FAILS', '23505'],
    ['that is unique no more', unique(), index(), 'SILENT', '42P10'],
    ['that is unique over fewer columns', unique(), unique({ keys: keys('a') }), 'WRITE_FAILS', '23505'],
    ['that is unique over more columns', unique(), unique({ keys: keys('a', 'b', 'c') }), 'SILENT', '42P10'],
    ['that is unique with its columns in another order', unique(), unique({ keys: keys('b', 'a') }), 'SLOW'],
    ['that takes NULLs for equal', unique(), unique({ nullsNotDistinct: true }), 'WRITE_FAILS', '23505'],
    ['that takes NULLs for different', unique({ nullsNotDistinct: true }), unique(), 'SILENT'],
    ['that is deferrable', unique(), unique({ immediate: false }), 'WRITE_FAILS', '55000'],
    ['that is the primary key no more', unique({ primary: true }), unique(), 'LATENT'],
    ['that excludes by other operators', index({ excludes: ['=', '&&'] }), index({ excludes: ['=', '='] }), 'SILENT'],
  ];
  test.each(cases.map(([what, expected, actual, effect, sqlState]) => ({ what, expected, actual, effect, sqlState })))('$what', ({ expected, actual, effect, sqlState }) => {
    const difference = indexDifference(expected, actual);

    expect([difference?.effect ?? null, difference?.sqlState]).toEqual([effect, sqlState]);
  });
});

describe('a trigger that is not ours', () => {
  const [rowBefore, rowAfter, insert, remove, update, truncate] = [3, 1, 4, 8, 16, 32];
  const trigger = (type: number, name = 'f'): Trigger => ({ enabled: 'O', type, function: name, columns: [], arguments: '', condition: null, deferrable: false, deferred: false });
  const routine = (body: string, language = 'plpgsql'): Routine => ({ returns: 'trigger', language, volatility: 'v', strict: false, securityDefiner: false, settings: [], body });
  const cases: [what: string, type: number, body: string | null, effect: string][] = [
    ['before rows, that answers NULL', rowBefore + insert, 'begin return null; end', 'LOST_WRITE'],
    ['before rows, that answers NULL at times', rowBefore + insert, 'begin if new.x then return null; end if; return new; end', 'LOST_WRITE'],
    ['before rows, that changes them', rowBefore + insert + update, 'begin new.x := 1; return new; end', 'SILENT'],
    ['before rows, that only says NULL in a comment', rowBefore + insert, `begin -- return null
      return new; end`, 'SILENT'],
    ['before deletes, that answers the new row, which is none', rowBefore + remove, 'begin return new; end', 'LOST_WRITE'],
    ['before inserts, that answers the old row, which is none', rowBefore + insert, 'begin return old; end', 'LOST_WRITE'],
    ['before rows, whose function cannot be read', rowBefore + insert, null, 'LOST_WRITE'],
    ['before rows, that refuses them', rowBefore + insert, `begin raise exception 'no'; return new; end`, 'WRITE_FAILS'],
    ['after rows, that answers NULL', rowAfter + insert, 'begin insert into log values (1); return null; end', 'LATENT'],
    ['after rows, that refuses them', rowAfter + insert, `begin raise exception 'no'; end`, 'WRITE_FAILS'],
    ['after rows, that only says something', rowAfter + insert, `begin raise notice 'raise exception'; return null; end`, 'LATENT'],
    ['before a statement', 2 + insert, 'begin return null; end', 'LATENT'],
    ['on TRUNCATE', 2 + truncate, 'begin return null; end', 'NONE'],
  ];
  test.each(cases)('%s', (_, type, body, effect) => {
    expect(extraTrigger('jobs', 't', trigger(type), body === null ? {} : { 'f()': routine(body) }).effect).toBe(effect);
  });

  test('says which writes it touches', () => {
    expect(extraTrigger('jobs', 't', trigger(rowBefore + insert + remove), {}).rights).toEqual(['INSERT', 'DELETE']);
  });
});

describe('the columns of a table', () => {
  const column: Omit<Column, 'position' | 'changed'> = { type: 'text', notNull: false, default: null, generated: '', identity: '', sequence: null, collation: null };
  const made = (names: readonly string[], changed: readonly string[] = []): Record<string, Column> =>
    Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, { ...column, position: names.indexOf(name) + 1, changed: changed.includes(name) }]));
  const ours = made(['id', 'name', 'email', 'note']);
  const cases: [what: string, actual: Record<string, Column>, renamed: Record<string, string>][] = [
    ['are as they were', ours, {}],
    ['have one renamed, whatever it is called now', made(['id', 'zzz', 'email', 'note'], ['zzz']), { name: 'zzz' }],
    ['have two renamed', made(['id', 'n', 'mail', 'note'], ['n', 'mail']), { name: 'n', email: 'mail' }],
    ['have one renamed and another added', made(['id', 'n', 'email', 'note', 'names'], ['n', 'names']), { name: 'n' }],
    ['have one dropped, and another added that is called alike', made(['id', '', 'email', 'note', 'names'], ['names']), {}],
    ['stand in another order, since the table was made anew', made(['email', 'id', 'note', 'name']), {}],
    ['are two in each other\'s places, since the table was made anew', made(['id', 'email', 'name', 'note']), {}],
    ['have two names swapped', made(['id', 'email', 'name', 'note'], ['email', 'name']), { name: 'email', email: 'name' }],
    ['have one alike in name in a table that was made anew', made(['note', 'emails', 'id', 'name']), { email: 'emails' }],
    ['have one of another name in a table that was made anew', made(['note', 'zzz', 'id', 'name']), {}],
  ];
  test.each(cases)('%s', (_, actual, renamed) => {
    expect(Object.fromEntries(renamedColumns(ours, actual, () => false))).toEqual(renamed);
  });
});

describe('the columns that a later migration adds', () => {
  const column = (type: string, position: number): Column => ({ type, position, changed: true, notNull: false, default: null, generated: '', identity: '', sequence: null, collation: null });
  const ours = { id: column('uuid', 1), name: column('text', 2), chunk: column('integer', 3), sender: column('text', 4), answer: column('text', 5), note: column('text', 6), seen: column('text', 7) };
  const later = (name: string) => ours[name as keyof typeof ours].position > 2;
  const inOrder = (...names: (keyof typeof ours)[]) => Object.fromEntries(names.map((name, index) => [name, { ...ours[name], position: index + 1 }]));

  test('may have come in any order', () => {
    expect(Object.fromEntries(renamedColumns(ours, inOrder('id', 'name', 'sender', 'answer', 'chunk', 'note', 'seen'), later))).toEqual({});
  });

  test('were swapped when the type came along', () => {
    const actual = { ...ours, chunk: column('text', 4), sender: column('integer', 3) };
    expect(Object.fromEntries(renamedColumns(ours, actual, later))).toEqual({ chunk: 'sender', sender: 'chunk' });
  });

  test('were swapped when all the others are in their places', () => {
    expect(Object.fromEntries(renamedColumns(ours, inOrder('id', 'name', 'chunk', 'answer', 'sender', 'note', 'seen'), later))).toEqual({ sender: 'answer', answer: 'sender' });
  });

  test('are not what somebody else added in their place before that migration ran', () => {
    const actual = { id: ours.id, name: ours.name, remark: column('integer', 3) };
    expect(Object.fromEntries(renamedColumns(ours, actual, (name) => (later(name) ? null : false)))).toEqual({});
  });
});

describe('the labels of an enum', () => {
  const cases: [what: string, actual: string[], relabelled: string[], renamed: Record<string, string>][] = [
    ['have one renamed', ['new', 'accepted', 'closed'], ['accepted'], { open: 'accepted' }],
    ['have one renamed and one added', ['new', 'accepted', 'closed', 'gone'], ['accepted', 'gone'], { open: 'accepted' }],
    ['have one replaced in an enum that was made anew', ['new', 'accepted', 'closed'], [], {}],
    ['are in capitals in an enum that was made anew', ['NEW', 'OPEN', 'CLOSED'], [], { new: 'NEW', open: 'OPEN', closed: 'CLOSED' }],
    ['have one more', ['new', 'open', 'closed', 'gone'], ['gone'], {}],
    ['lack one', ['new', 'closed'], [], {}],
  ];
  test.each(cases)('%s', (_, actual, relabelled, renamed) => {
    expect(Object.fromEntries(renamedLabels(['new', 'open', 'closed'], actual, relabelled))).toEqual(renamed);
  });
});

describe('two functions', () => {
  const plpgsql = `begin new."at" := now(); if new.x>=-1 then raise exception 'no ''x'''; end if; return new; end`;
  test.each([
    ['in capitals', 'plpgsql', plpgsql, `BEGIN NEW.at := NOW(); IF NEW.x >= -1 THEN RAISE EXCEPTION 'no ''x'''; END IF; RETURN NEW; END`],
    ['with comments and lines', 'plpgsql', plpgsql, plpgsql.replace('if', '-- when\n  /* so */ if').replaceAll('; ', ';\n')],
    ['with a semicolon at the end', 'plpgsql', plpgsql, `${plpgsql};`],
    ['with a literal in dollars', 'plpgsql', `begin execute 'select 1'; end`, 'begin execute $x$select 1$x$; end'],
    ['as a statement in place of an expression', 'sql', `RETURN (a || 'x'::text)`, `BEGIN ATOMIC\n SELECT (a || 'x'::text);\nEND`],
  ])('say the same %s', (_, language, expected, actual) => {
    expect(sameBody(language, expected, actual)).toBe(true);
  });

  test.each([
    ['whose literals differ in case', `begin raise exception 'no'; end`, `begin raise exception 'NO'; end`],
    ['of which one does less', plpgsql, 'begin return new; end'],
    ['whose operator differs', 'begin if a > 1 then end if; end', 'begin if a >= 1 then end if; end'],
  ])('%s do not', (_, expected, actual) => {
    expect(sameBody('plpgsql', expected, actual)).toBe(false);
  });
});
