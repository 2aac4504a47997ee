import type { DriftEffect } from '../../../src/health/health.ts';
import type { Column } from '../inventory.ts';

interface OtherType {
  to: string;
  least: DriftEffect;
}

/** Types that a column of this one could have become, and what that does at least. */
export function otherTypes({ type, category }: Column): OtherType[] {
  const length = Number(/\((\d+)/.exec(type)?.[1] ?? 0);
  const [precision = 0, scale = 0] = /\((\d+),(\d+)\)/.exec(type)?.slice(1).map(Number) ?? [];
  switch (type.replace(/\(.*?\)/, '')) {
    case 'text':
      return [is('character varying(40)', 'WRITE_FAILS'), is('character varying', 'NONE'), is('integer', 'FAILS'), is('jsonb', 'WRITE_FAILS'), is('bytea', 'LATENT')];
    case 'character varying':
      return [is('text', 'NONE'), ...(length > 1 ? [is(`character varying(${length - 1})`, 'WRITE_FAILS'), is(`character varying(${length + 1})`, 'NONE')] : [])];
    case 'character':
      return [is(`character(${length + 1})`, 'LATENT'), is('text', 'NONE')];
    case 'smallint':
      return [is('integer', 'NONE'), is('text', 'LATENT')];
    case 'integer':
      return [is('bigint', 'NONE'), is('smallint', 'WRITE_FAILS'), is('text', 'LATENT'), is('numeric', 'NONE')];
    case 'bigint':
      return [is('integer', 'WRITE_FAILS'), is('text', 'LATENT')];
    case 'numeric':
      return precision > 0
        ? [is(`numeric(${precision},${Math.max(scale - 1, 0)})`, 'SILENT'), is(`numeric(${precision - 1},${scale})`, 'WRITE_FAILS'), is(`numeric(${precision + 1},${scale})`, 'NONE'), is('double precision', 'SILENT'), is('integer', 'SILENT')]
        : [is('double precision', 'SILENT'), is('integer', 'SILENT'), is('numeric(8,2)', 'SILENT')];
    case 'timestamp with time zone':
      return [is('timestamp(3) without time zone', 'SILENT'), is('timestamp(0) with time zone', 'SILENT'), is('date', 'SILENT'), is('text', 'LATENT')];
    case 'timestamp':
      return type.includes('with time zone')
        ? [is('timestamp(3) without time zone', 'SILENT'), is('timestamp(0) with time zone', 'SILENT'), ...(length < 6 ? [is('timestamp with time zone', 'NONE')] : [])]
        : [is('timestamp with time zone', 'SILENT'), is('date', 'SILENT')];
    case 'boolean':
      return [is('integer', 'LATENT'), is('text', 'LATENT')];
    case 'uuid':
      return [is('text', 'LATENT'), is('bytea', 'WRITE_FAILS')];
    case 'jsonb':
      return [is('json', 'LATENT'), is('text', 'LATENT')];
    case 'text[]':
      return [is('text', 'LATENT'), is('character varying(10)[]', 'WRITE_FAILS'), is('jsonb', 'LATENT')];
    case 'date':
      return [is('timestamp without time zone', 'LATENT'), is('text', 'LATENT')];
    default:
      return category === 'E' ? [is('text', 'LATENT'), is('character varying(4)', 'WRITE_FAILS')] : [];
  }
}

function is(to: string, least: DriftEffect): OtherType {
  return { to, least };
}
