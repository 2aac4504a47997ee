import type { Columns } from './columns.ts';
import type { Field } from './fields.ts';
import type { Cells } from './RowReader.ts';

/** A record's values by field; `value` gives the one of a column. */
export function cellsOf({ of, platform }: Columns, value: (index: number) => unknown): Cells {
  const columnOf = (field: Field) => of.get(field)?.find(({ index }) => !isEmpty(value(index)));
  return {
    value: (field) => {
      const column = columnOf(field);
      return column && value(column.index);
    },
    values: (field) => (of.get(field) ?? []).map(({ index }) => value(index)).filter((item) => !isEmpty(item)),
    column: (field) => (columnOf(field) ?? of.get(field)?.[0])?.name ?? field,
    platform,
  };
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0);
}
