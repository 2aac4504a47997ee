import { EmailAddressError } from '../../domain/emailAddress.ts';
import type { Platform } from '../../domain/enums.ts';
import { textProblem } from '../../domain/text.ts';
import { UrlError } from '../../domain/url.ts';
import type { Field } from './fields.ts';

/** Why a row failed, and where. */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code: string;
  readonly column: string | null;
  readonly value: string | null;

  constructor(code: string, message: string, column: string | null = null, value: unknown = null) {
    super(message);
    this.code = code;
    this.column = column;
    this.value = value == null ? null : excerpt(typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** One row's values by field, as they stand there. */
export interface Cells {
  /** a text, or what JSON gave, of the first column that has something; undefined and empty: nothing */
  value(field: Field): unknown;
  /** of all columns that give this field and have something */
  values(field: Field): readonly unknown[];
  /** the field's column as the file calls it */
  column(field: Field): string;
  /** where handles are from that come without a URL and a platform */
  platform?: Platform | undefined;
}

/** Reads the fields of one row; what is wrong with one is said with its column. */
export class RowReader {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  columnOf(field: Field): string {
    return this.#cells.column(field);
  }

  text(field: Field, limit: number): string | null {
    const text = this.#string(field);
    if (text !== null && text.length > limit) this.#refuse('TOO_LONG', field, `is longer than ${limit} characters`);
    return text;
  }

  /** Parts of a text put together; null when there is none. */
  joined(fields: readonly Field[], separator: string, limit: number): string | null {
    const parts = fields.map((field) => this.#string(field)).filter((part) => part !== null);
    const text = parts.join(separator);
    if (text.length > limit) this.#refuse('TOO_LONG', fields[0] as Field, `is longer than ${limit} characters`);
    return text || null;
  }

  parse<T>(field: Field, parse: (text: string) => T): T | null {
    const text = this.#string(field);
    return text === null ? null : this.#guard(field, () => parse(text));
  }

  /** Arrays, in JSON too, or texts cut at `separator`, of all the field's columns; without repeats. */
  list(field: Field, separator: RegExp, limit: number, parse: (item: string) => string): string[] {
    const items = this.#cells.values(field).flatMap((value) => (Array.isArray(value) ? value : this.#guard(field, () => itemsOf(String(value), separator))));
    if (items.length > limit) this.#refuse('TOO_LONG', field, `has more than ${limit} entries`);
    const parsed = items.map((item) => this.#guard(field, () => parse(this.#storable(field, String(item)).trim())));
    return [...new Set(parsed.filter((item) => item !== ''))];
  }

  /** Of several values in one cell the first. */
  #string(field: Field): string | null {
    const cell = this.#cells.value(field);
    const value: unknown = Array.isArray(cell) ? cell.find((item) => item != null && item !== '') : cell;
    if (value == null || value === '') return null;
    if (typeof value === 'object') this.#refuse('INVALID_VALUE', field, 'is not a single value');
    return this.#storable(field, String(value)).trim() || null;
  }

  #storable(field: Field, text: string): string {
    const problem = textProblem(text);
    if (problem) this.#refuse('INVALID_TEXT', field, problem);
    return text;
  }

  #guard<T>(field: Field, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof UrlError) this.#refuse('INVALID_URL', field, error.message);
      if (error instanceof EmailAddressError) this.#refuse('INVALID_EMAIL', field, error.message);
      if (error instanceof RangeError) this.#refuse('INVALID_VALUE', field, error.message);
      throw error;
    }
  }

  #refuse(code: string, field: Field, problem: string): never {
    const column = this.columnOf(field);
    throw new RowError(code, `${column} ${problem}.`, column, this.#cells.value(field));
  }
}

export function excerpt(value: string): string {
  const clean = value.toWellFormed().replaceAll('\0', '\uFFFD');
  return clean.length <= 200 ? clean : `${clean.slice(0, 199).toWellFormed()}…`;
}

function itemsOf(text: string, separator: RegExp): unknown[] {
  if (!text.trimStart().startsWith('[')) return text.split(separator);
  try {
    const items: unknown = JSON.parse(text);
    if (Array.isArray(items)) return items;
  } catch {
    // Said below.
  }
  throw new RangeError('is not a JSON array');
}
