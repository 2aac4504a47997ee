import type { Column } from '../inventory.ts';

/** A default that gives another value; null for types of which none is known. */
export function otherDefault({ type, default: value, category }: Column): string | null {
  const pick = (...candidates: string[]) => candidates.find((candidate) => !value?.includes(candidate)) ?? null;
  switch (type.replace(/\(.*?\)/, '')) {
    case 'text':
    case 'character varying':
      return pick(`'x'`, `'y'`);
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'double precision':
      return pick('7', '8');
    case 'boolean':
      return value === 'true' ? 'false' : 'true';
    case 'uuid':
      return `'00000000-0000-0000-0000-000000000001'`;
    case 'jsonb':
    case 'json':
      return `'{"other": true}'`;
    case 'timestamp':
    case 'timestamp with time zone':
    case 'date':
      return `'2000-01-01'`;
    case 'text[]':
      return `'{other}'`;
    default:
      return category === 'A' ? (value === null ? `'{}'` : null) : null;
  }
}

/** The same default in other words. */
export function sameDefaults({ type, default: value }: Column): string[] {
  if (value === null) return [];
  if (/^now\(\)$/i.test(value)) return ['current_timestamp', 'transaction_timestamp()', `(now() at time zone 'utc') at time zone 'utc'`];
  if (/^nextval\('.*'::regclass\)$/.test(value)) return [`nextval(${value.slice('nextval('.length, -1)}::text)`];
  if (/^(-?\d+|'-?\d+')(::\w+)?$/.test(value)) return [`(${value} + 0)`, `${value.replace(/::\w+$/, '').replaceAll("'", '')}::bigint::${type}`, `'${value.replace(/::\w+$/, '').replaceAll("'", '')}'::${type}`];
  if (value === 'true' || value === 'false') return [`not ${value === 'true' ? 'false' : 'true'}`, `'${value[0]}'::boolean`, `(1 ${value === 'true' ? '=' : '<>'} 1)`];
  if (value === `'{}'::jsonb`) return [`'{ }'::jsonb`, 'jsonb_build_object()', `'{}'::json::jsonb`];
  if (value === `'[]'::jsonb`) return [`'[ ]'::jsonb`, 'jsonb_build_array()', `'[]'::text::jsonb`];
  if (/^'\{\}'::.*\[\]$/.test(value)) return [`array[]::${type}`, `'{ }'::${type}`];
  const [, text] = /^'((?:[^']|'')*)'::(?:"?\w+"?\.)?"?[\w ]+"?$/.exec(value) ?? [];
  return text === undefined ? [`(${value})`] : [`(${`'${text}'`}::text)::${type}`, `cast('${text}' as ${type})`];
}
