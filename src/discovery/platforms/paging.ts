import { z } from 'zod';

/** More pages than any platform gives: what goes on longer goes round in circles. */
const mostPages = 500;
/** Pages without a result one after the other, before nobody believes in the next one. */
const mostEmptyPages = 3;

const shape = z.object({ at: z.string().nullable(), page: z.number().int(), empty: z.number().int(), first: z.string().nullable() });

/** Where a search is: what the platform calls the page, and what tells progress from going round in circles. */
export type Position = z.infer<typeof shape>;

/** The position that a cursor stands for; null: the beginning. */
export function positionOf(cursor: string | null): Position {
  return cursor === null ? { at: null, page: 0, empty: 0, first: null } : shape.parse(JSON.parse(cursor));
}

export interface PageRead {
  /** what the platform calls the next page; null or absent after the last one */
  next: string | null | undefined;
  /** the platform's id of each result, before anything is filtered */
  ids: readonly string[];
}

/**
 * The cursor of the page after this one; null when there is none: the platform says so, answers with the same page
 * again, or with nothing over and over.
 */
export function cursorAfter(position: Position, { next, ids }: PageRead): string | null {
  if (next == null || next === '' || next === position.at) return null;
  const first = ids[0] ?? null;
  if (first !== null && first === position.first) return null;
  const empty = first === null ? position.empty + 1 : 0;
  if (empty >= mostEmptyPages || position.page + 1 >= mostPages) return null;
  return JSON.stringify({ at: next, page: position.page + 1, empty, first: first ?? position.first } satisfies Position);
}
