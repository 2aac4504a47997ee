/** How a foreign key and the key that it refers to find each other, whatever their names: "key:jobs(id)". */
export function keyOf(table: string, columns: readonly string[]): string {
  return `key:${table}(${[...columns].sort().join()})`;
}
