import type { Index } from '../catalog.ts';

/** An index in one line, in the words of CREATE INDEX. */
export function describeIndex({ unique, primary, method, keys, included, predicate, nullsNotDistinct, immediate, excludes }: Index): string {
  const list = keys.map((key, place) =>
    [key.of, key.opclass, key.collation, key.descending && 'desc', key.nullsFirst !== key.descending && (key.nullsFirst ? 'nulls first' : 'nulls last'), excludes && `with ${excludes[place]}`]
      .filter(Boolean)
      .join(' '));
  return [
    excludes ? 'exclude' : primary ? 'primary key' : unique && 'unique',
    method,
    `(${list.join(', ')})`,
    included.length > 0 && `include (${included.join(', ')})`,
    nullsNotDistinct && 'nulls not distinct',
    !immediate && 'deferrable',
    predicate !== null && `where ${predicate}`,
  ].filter(Boolean).join(' ');
}
