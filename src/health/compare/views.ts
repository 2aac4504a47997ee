import type { Catalog, Relation, View } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { sameText } from './sqlText.ts';
import { whereApart } from './viewText.ts';

/** What a view shows and how; its columns are part of its definition. */
export function compareViews(expected: Catalog, live: Catalog): Finding[] {
  return Object.entries(expected.relations).flatMap(([table, relation]) => {
    const found = live.relations[table];
    if (!relation.view || !found?.view || relation.kind !== found.kind) return [];
    return [...compareDefinition(table, relation, found, expected), ...compareOptions(table, relation.view, found.view), ...comparePopulation(table, relation.view, found.view)];
  });
}

function compareDefinition(table: string, expected: Relation, actual: Relation, { relations }: Catalog): Finding[] {
  const [wanted, found] = [expected.view?.definition ?? null, actual.view?.definition ?? null];
  if (sameText(wanted, found) || wanted === null || found === null) return [];
  const [ours, theirs] = [whereApart(wanted), whereApart(found)];
  if (ours.text === theirs.text && ours.where === theirs.where) return [];
  const source = ours.table === null ? undefined : relations[ours.table];
  const lacks = Object.keys(expected.columns).filter((column) => !actual.columns[column]);
  const others = Object.entries(expected.columns).filter(([name, { type }]) => actual.columns[name] && actual.columns[name].type !== type).map(([name]) => name);
  const place = { kind: 'VIEW', table, object: table, expected: wanted, actual: found } as const;
  if (lacks.length > 0) return [{ ...place, effect: 'READ_FAILS', sqlState: '42703', message: `The view ${table} has no column ${lacks.join(', ')} any more: what reads it fails.` }];
  return [{
    ...place,
    effect: 'SILENT',
    message: `The view ${table} was changed${others.length > 0 ? `, also the type of ${others.join(', ')}` : ''}: it shows other rows or values than it should.`,
    spelling: ours.text === theirs.text && source ? { of: 'predicate', expected: ours.where, actual: theirs.where, columns: source.columns } : undefined,
  }];
}

/** In the spelling of a view that has none: absent is false. */
function compareOptions(table: string, { options: expected }: View, { options: actual }: View): Finding[] {
  const [wanted, found] = [read(expected), read(actual)];
  return Object.entries(meanings).filter(([name]) => wanted.get(name) !== found.get(name)).map(([name, meaning]): Finding => {
    const words = (options: Map<string, string>) => `${name}=${options.get(name) ?? 'false'}`;
    return { kind: 'VIEW', table, object: table, detail: name, effect: 'SILENT', expected: words(wanted), actual: words(found), message: `The view ${table} has ${words(found)} instead of ${words(wanted)}: ${meaning}.` };
  });
}

const meanings: Record<string, string> = {
  security_invoker: 'it reads its tables with the rights, and the row security, of somebody else',
  security_barrier: 'functions in a condition may see rows that it hides, or its reads are slower',
  check_option: 'rows that it does not show are accepted or refused otherwise',
};

function read(options: readonly string[]): Map<string, string> {
  const pairs = options.map((option) => option.split('=') as [string, string]);
  return new Map(pairs.map(([name, value]) => [name, /^(on|1|yes|t|true)$/i.test(value) ? 'true' : value] as const).filter(([, value]) => !/^(off|0|no|f|false)$/i.test(value)));
}

function comparePopulation(table: string, expected: View, actual: View): Finding[] {
  if (!expected.populated || actual.populated) return [];
  return [{ kind: 'VIEW', table, object: table, detail: 'populated', effect: 'READ_FAILS', sqlState: '55000', expected: 'populated', actual: 'not populated', message: `The materialized view ${table} was never filled: what reads it fails until it is refreshed.` }];
}
