import type { Column, Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { grantsOn } from './access.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene, Stage } from './mending.ts';

/** Views hold no rows: they are made again. */
export function missingView(table: string, scene: Scene): Mending[] {
  const relation = scene.expected.relations[table];
  if (!relation?.view) return [];
  const indexes = Object.values(relation.indexes).map(({ definition = '' }): Mending => ({ stage: 'view on views', sql: definition, risk: 'SAFE', lock: 'SHARE' }));
  return [{ stage: stageOf(table, relation, scene), sql: viewSql(table, relation), risk: 'SAFE', lock: 'ACCESS SHARE' }, ...indexes];
}

export function viewFixes({ table = '', detail }: Finding, scene: Scene): Mending[] {
  const [wanted, found] = [scene.expected.relations[table], scene.live.relations[table]];
  if (!wanted?.view) return [];
  if (!found?.view) return found === undefined ? [...missingView(table, scene), ...grantsOn(table, scene)] : [];
  const name = quoteTable(table);
  const stage = stageOf(table, wanted, scene);
  if (detail === 'populated') return [{ stage, sql: `refresh materialized view ${name}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', estimatedMs: null, note: 'Nobody can read it before.' }];
  if (detail !== undefined) return [{ stage, sql: optionSql(name, wanted, detail), risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: optionSql(name, found, detail) }];
  const undo = viewSql(table, found).replace(/^create view/, 'create or replace view');
  if (wanted.kind === 'v' && keepsColumns(wanted.columns, found.columns)) {
    return [{ stage, sql: viewSql(table, wanted).replace(/^create view/, 'create or replace view'), risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo }];
  }
  return [...madeAgain(table, scene, stage), ...grantsOn(table, scene)];
}

/** In one transaction, with our views that rest on it. */
function madeAgain(table: string, scene: Scene, stage: Stage): Mending[] {
  const { relations } = scene.expected;
  const all = [table, ...restingOn(table, scene)];
  const drops = all.toReversed().filter((name) => scene.live.relations[name]).map((name) => `drop ${wordFor(relations[name])} ${quoteTable(name)}`);
  const creates = all.flatMap((name) => [viewSql(name, relations[name]!), ...Object.values(relations[name]?.indexes ?? {}).map(({ definition = '' }) => definition)]);
  const note = 'PostgreSQL cannot replace it: it is dropped and made again in one transaction. Grants on it have to be given again.';
  const fills = all.some((name) => relations[name]?.kind === 'm');
  return [{ stage, sql: [...drops, ...creates].join(';\n'), risk: 'CAUTION', lock: 'ACCESS EXCLUSIVE', note, estimatedMs: fills ? null : undefined }];
}

/** Our views that read this one, each after those that it reads. */
function restingOn(table: string, scene: Scene): string[] {
  const direct = Object.entries(scene.expected.relations).filter(([name, { view }]) => name !== table && mentions(view?.definition, table)).map(([name]) => name);
  return [...new Set([...direct, ...direct.flatMap((name) => restingOn(name, scene))])].sort((a, b) => Number(mentions(scene.expected.relations[a]?.view?.definition, b)) - Number(mentions(scene.expected.relations[b]?.view?.definition, a)));
}

function mentions(definition: string | undefined, name: string): boolean {
  return definition !== undefined && new RegExp(`\\b${name.split('.').at(-1)}\\b`).test(definition);
}

function wordFor(relation: Pick<Relation, 'kind'> | undefined): string {
  return relation?.kind === 'm' ? 'materialized view' : 'view';
}

function viewSql(table: string, { kind, view }: Relation): string {
  const options = view && view.options.length > 0 ? ` with (${view.options.join(', ')})` : '';
  return `create ${wordFor({ kind })} ${quoteTable(table)}${options} as\n${view?.definition.trim().replace(/;$/, '')}`;
}

function optionSql(name: string, { view }: Relation, option: string): string {
  const own = view?.options.find((pair) => pair.startsWith(`${option}=`));
  return own === undefined ? `alter view ${name} reset (${option})` : `alter view ${name} set (${own})`;
}

/** PostgreSQL replaces a view whose columns stay as they are; more may come after them. */
function keepsColumns(wanted: Record<string, Column>, found: Record<string, Column>): boolean {
  const inOrder = (columns: Record<string, Column>) => Object.entries(columns).sort(([, a], [, b]) => a.position - b.position).map(([name, { type }]) => `${name} ${type}`);
  const [to, from] = [inOrder(wanted), inOrder(found)];
  return from.every((column, index) => column === to[index]);
}

function stageOf(table: string, { view }: Relation, { expected }: Scene): Stage {
  const others = Object.entries(expected.relations).filter(([name, other]) => name !== table && other.view);
  return others.some(([name]) => mentions(view?.definition, name)) ? 'view on views' : 'view';
}
