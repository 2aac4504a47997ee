import { v5 as uuidOf, validate as isUuid } from 'uuid';
import type { Column } from '../../catalog.ts';
import type { Note } from './derive.ts';
import { harmlessLabel, labelOf } from './labels.ts';

/** A row cannot be taken over; the message is the end of a sentence that begins with the column. */
export class NotConvertible extends Error {
  override readonly name = 'NotConvertible';
}

/** Numbers that another system counted its rows by become the same uuid whenever they are converted, so that references still meet. */
const adopted = '0b9f6a52-6f0e-4a7e-9c43-1d5e8a7f2c60';

/** The id that the row of `table` has here which has the id `value` there. */
export function idOf(table: string, value: unknown): string {
  const text = String(value).trim().toLowerCase();
  return isUuid(text) ? text : uuidOf(`${table}:${text}`, adopted);
}

/**
 * A value of JSON, as `to_jsonb` gave it, in the form that `jsonb_populate_recordset` takes for the column. null stays null.
 * @throws {NotConvertible}
 */
export function convertValue(place: string, column: Column, enums: Readonly<Record<string, string[]>>, value: unknown, note: Note): unknown {
  if (value === null || value === undefined) return null;
  const { type } = column;
  const labels = enums[type];
  if (labels) {
    const label = labelOf(place, type, labels, String(value));
    if (label !== null) return label;
    const harmless = harmlessLabel(place, type);
    if (harmless === null) throw new NotConvertible(`is ${quoted(value)}, which is none of ${labels.join(', ')}`);
    note(`${place.slice(place.indexOf('.') + 1)} is ${quoted(value)}, which is no word of ours: it is ${harmless} here`);
    return harmless;
  }
  if (type.startsWith('timestamp')) return instant(value);
  if (/^(smallint|integer|bigint)/.test(type)) return number(value, true);
  if (/^(numeric|real|double)/.test(type)) return number(value, false);
  if (type === 'boolean') return truth(value);
  if (type === 'uuid[]') return list(value).map((item) => idOf(place, item));
  if (type.endsWith('[]')) return list(value).map(String);
  if (type === 'jsonb') return json(value, column.default?.startsWith(`'[`) ?? false);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Without a zone it is UTC, as these systems write it; a number counts seconds or milliseconds since 1970. */
function instant(value: unknown): string {
  const date = typeof value === 'number' ? new Date(value > 1e11 ? value : value * 1000) : new Date(withZone(String(value).trim()));
  if (Number.isNaN(date.getTime())) throw new NotConvertible(`is ${quoted(value)}, which is no date`);
  return typeof value === 'number' ? date.toISOString() : withZone(String(value).trim());
}

function withZone(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00Z`;
  return /(z|[+-]\d\d(:?\d\d)?)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`;
}

function number(value: unknown, whole: boolean): number {
  const found = typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : Number(String(value).trim().replace(/%$/, '') || Number.NaN);
  if (!Number.isFinite(found) || (whole && !Number.isSafeInteger(found))) throw new NotConvertible(`is ${quoted(value)}, which is no ${whole ? 'whole ' : ''}number`);
  return found;
}

function truth(value: unknown): boolean {
  const word = String(value).trim().toLowerCase();
  if (['true', 't', '1', 'yes', 'y'].includes(word)) return true;
  if (['false', 'f', '0', 'no', 'n', ''].includes(word)) return false;
  throw new NotConvertible(`is ${quoted(value)}, which is neither true nor false`);
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return Object.values(value);
  const parsed = parsedJson(value);
  return Array.isArray(parsed) ? parsed : String(value).split(',').map((item) => item.trim()).filter(Boolean);
}

function json(value: unknown, isList: boolean): unknown {
  const parsed = parsedJson(value);
  if (!isList) return parsed;
  return Array.isArray(parsed) ? parsed : typeof parsed === 'object' && parsed !== null ? Object.values(parsed) : [parsed];
}

/** Text columns often hold JSON. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
