import { escapeIdentifier } from 'pg';
import type { Policy } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

const common = { stage: 'access', lock: 'ACCESS EXCLUSIVE' } as const;
const commands: Record<string, string> = { '*': 'all', r: 'select', a: 'insert', w: 'update', d: 'delete' };

/** Row security that we do not expect is switched off; that which we do is switched on, with its policies. */
export function rowSecurityFixes({ table = '', object, detail, part = {} }: Finding, { expected, live }: Scene): Mending[] {
  const [wanted, found] = [expected.relations[table], live.relations[table]];
  const target = quoteTable(table);
  const alter = (word: string) => `alter table ${target} ${word} row level security`;
  if (!wanted?.rowSecurity) return [{ ...common, sql: alter('disable'), risk: 'CAUTION', note: 'Rows that were hidden on purpose become visible: ask who did it.', undo: alter('enable') }];
  if (detail === 'forced') return [{ ...common, sql: alter(wanted.forced ? 'force' : 'no force'), risk: wanted.forced ? 'SAFE' : 'CAUTION', undo: alter(wanted.forced ? 'no force' : 'force') }];
  if (object === undefined) return [{ ...common, sql: alter('enable'), risk: 'SAFE', undo: alter('disable') }];
  const [ours, theirs] = [wanted.policies[part.ours ?? ''], found?.policies[object]];
  const drop = `drop policy ${escapeIdentifier(object)} on ${target}`;
  if (!ours) return [{ ...common, sql: drop, risk: 'CAUTION', note: 'Somebody made this policy: ask who needs it.', undo: theirs && policySql(object, target, theirs) }];
  const create = policySql(object, target, ours);
  return theirs
    ? [{ ...common, sql: `${drop};\n${create}`, risk: 'SAFE', undo: `${drop};\n${policySql(object, target, theirs)}` }]
    : [{ ...common, sql: create, risk: 'SAFE', undo: drop }];
}

function policySql(name: string, target: string, { command, permissive, roles, using, check }: Policy): string {
  const to = roles.map((role) => (role === 'public' ? role : escapeIdentifier(role))).join(', ');
  return [
    `create policy ${escapeIdentifier(name)} on ${target} as ${permissive ? 'permissive' : 'restrictive'} for ${commands[command]} to ${to}`,
    using !== null && `using (${using})`,
    check !== null && `with check (${check})`,
  ].filter(Boolean).join(' ');
}
