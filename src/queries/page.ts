import { OutriderError } from '../domain/errors.ts';
import type { Order } from './readModel.ts';

export const defaultPageSize = 20;
export const maximumPageSize = 100;
const cursorVersion = 1;

export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** The place of a row in an order. */
export interface Position {
  value: string | number;
  key: string;
}

export interface Page {
  limit: number;
  /** true when the rows are taken from the end */
  backward: boolean;
  after: Position | null;
  before: Position | null;
  /** names the order in the cursors, such as `CREATED_AT:DESC` */
  order: string;
}

/**
 * Checks the arguments of a connection.
 *
 * @throws {OutriderError} BAD_USER_INPUT for sizes out of range and for cursors of another list
 */
export function readPage(args: PageArgs, order: Order, orderName: string): Page {
  const { first, last, after, before } = args;
  if (first != null && last != null) throw badInput('Give first or last, not both.');
  for (const [name, size] of Object.entries({ first, last })) {
    if (size != null && (size < 0 || size > maximumPageSize)) {
      throw badInput(`${name} must be between 0 and ${maximumPageSize}.`);
    }
  }
  return {
    limit: first ?? last ?? defaultPageSize,
    backward: last != null,
    after: after == null ? null : readCursor(after, order, orderName, 'after'),
    before: before == null ? null : readCursor(before, order, orderName, 'before'),
    order: orderName,
  };
}

export function writeCursor(order: string, { value, key }: Position): string {
  return Buffer.from(JSON.stringify([cursorVersion, order, value, key])).toString('base64url');
}

function readCursor(cursor: string, order: Order, orderName: string, argument: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    parts = null;
  }
  if (!Array.isArray(parts) || parts[0] !== cursorVersion || parts.length !== 4) throw badInput(`${argument} is not a cursor.`);
  const [, name, value, key] = parts as [number, unknown, unknown, unknown];
  if (name !== orderName) throw badInput(`${argument} is a cursor of a list in another order.`);
  if (!isValue(value, order.type) || typeof key !== 'string' || !keyPattern.test(key)) throw badInput(`${argument} is not a cursor.`);
  return { value, key };
}

const keyPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d{1,9})?$/;
const timestampPattern = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?|infinity)$/;

function isValue(value: unknown, type: Order['type']): value is string | number {
  switch (type) {
    case 'integer':
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    case 'timestamptz':
      return typeof value === 'string' && timestampPattern.test(value) && (value === 'infinity' || !Number.isNaN(Date.parse(value.slice(0, 10))));
    case 'text':
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
  }
}

const badInput = (message: string) => new OutriderError('BAD_USER_INPUT', message);
