import { escapeIdentifier } from 'pg';
import type { Rule } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

const common = { stage: 'trigger', lock: 'SHARE ROW EXCLUSIVE' } as const;

/** Ours are made or switched on again; somebody else's is switched off, which can be taken back. */
export function triggerFixes({ table = '', part = {}, effect }: Finding, { expected, live }: Scene): Mending[] {
  const target = quoteTable(table);
  const { ours, theirs } = part;
  const switched = (name: string, to: 'enable' | 'disable') => `alter table ${target} ${to} trigger ${escapeIdentifier(name)}`;
  if (ours === undefined) {
    const note = 'Somebody made this trigger: ask who needs it before dropping it.';
    return theirs === undefined || effect === 'NONE' ? [] : [{ ...common, sql: switched(theirs, 'disable'), risk: effect === 'LOST_WRITE' ? 'SAFE' : 'CAUTION', note, undo: switched(theirs, 'enable') }];
  }
  const wanted = expected.relations[table]?.triggers[ours];
  if (!wanted?.definition) return [];
  const found = live.relations[table]?.triggers[theirs ?? ''];
  const name = escapeIdentifier(ours);
  if (theirs === undefined || !found) return [{ ...common, sql: wanted.definition, risk: 'SAFE', undo: `drop trigger ${name} on ${target}` }, ...unusualMode(wanted.enabled, target, name)];
  const differsOnlyInMode = found.function === wanted.function && found.type === wanted.type && found.columns.join() === wanted.columns.join() && found.arguments === wanted.arguments && found.condition === wanted.condition;
  if (found.enabled !== wanted.enabled && differsOnlyInMode) {
    const enable = wanted.enabled === 'A' ? `alter table ${target} enable always trigger ${escapeIdentifier(theirs)}` : switched(theirs, 'enable');
    return [{ ...common, sql: enable, risk: 'SAFE', undo: found.enabled === 'D' ? switched(theirs, 'disable') : undefined }];
  }
  return [...replacement(wanted.definition, theirs === ours, escapeIdentifier(theirs), target), ...unusualMode(wanted.enabled, target, name)];
}

/** In one moment where PostgreSQL can; a constraint trigger has to go before it comes again. */
function replacement(definition: string, sameName: boolean, theirs: string, target: string): Mending[] {
  const drop: Mending = { ...common, sql: `drop trigger ${theirs} on ${target}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', note: 'Ours takes its place.' };
  const isConstraint = /^CREATE CONSTRAINT/i.test(definition);
  if (!sameName) return [{ ...common, sql: definition, risk: 'SAFE' }, drop];
  return isConstraint
    ? [{ ...drop, sql: `${drop.sql}; ${definition}`, note: 'Both in one transaction: it is never missing.' }]
    : [{ ...common, sql: definition.replace(/^CREATE /, 'CREATE OR REPLACE '), risk: 'SAFE' }];
}

function unusualMode(enabled: string, target: string, name: string): Mending[] {
  const word = { D: 'disable', R: 'enable replica', A: 'enable always' }[enabled];
  return word === undefined ? [] : [{ ...common, sql: `alter table ${target} ${word} trigger ${name}`, risk: 'SAFE' }];
}

/** Rules of ours are made or switched on again; somebody else's is switched off, which can be taken back. */
export function ruleFixes({ table = '', object = '', part = {}, effect }: Finding, { expected, live }: Scene): Mending[] {
  const alter = (word: string, name: string) => `alter table ${quoteTable(table)} ${word} rule ${escapeIdentifier(name)}`;
  const step = { stage: 'trigger', lock: 'ACCESS EXCLUSIVE' } as const;
  const wanted = expected.relations[table]?.rules[part.ours ?? ''];
  if (part.ours === undefined || !wanted) {
    const note = 'Somebody made this rule: ask who needs it before dropping it.';
    return [{ ...step, sql: alter('disable', object), risk: effect === 'LOST_WRITE' ? 'SAFE' : 'CAUTION', note, undo: alter('enable', object) }];
  }
  const { ours, theirs = ours } = part;
  const found = live.relations[table]?.rules[theirs];
  if (found && found.enabled !== wanted.enabled && found.action === wanted.action) return [{ ...step, sql: alter('enable', theirs), risk: 'SAFE', undo: alter('disable', theirs) }];
  const sql = ruleSql(theirs, wanted)?.replace(/^create rule/, 'create or replace rule');
  return sql === undefined ? [] : [{ ...step, sql, risk: 'SAFE', undo: found ? ruleSql(theirs, found)?.replace(/^create rule/, 'create or replace rule') : `drop rule ${escapeIdentifier(theirs)} on ${quoteTable(table)}` }];
}

export function ruleSql(name: string, { action }: Rule): string | undefined {
  return action === null ? undefined : `create rule ${escapeIdentifier(name)} as on ${action}`;
}
