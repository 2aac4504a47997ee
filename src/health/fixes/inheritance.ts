import type { Column } from '../catalog.ts';
import type { Scene } from './mending.ts';

/** The table at which a column has to be mended: a partition or an heir gets what its parent gets, where that differs too. */
export function rootOf(table: string, column: string, scene: Scene): string {
  const { expected, live } = scene;
  const relation = expected.relations[table];
  const parents = [relation?.parent ?? null, ...(relation?.inherits ?? [])].filter((name) => name !== null);
  const differing = parents.find((name) => {
    const [wanted, found] = [expected.relations[name]?.columns[column], live.relations[name]?.columns[column]];
    return wanted !== undefined && live.relations[name] !== undefined && textOf(wanted) !== textOf(found);
  });
  return differing === undefined ? table : rootOf(differing, column, scene);
}

function textOf(column: Column | undefined): string {
  return column === undefined ? '' : JSON.stringify([column.type, column.notNull, column.default, column.generated, column.identity, column.collation]);
}
