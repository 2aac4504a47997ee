/** The condition of a query over one table, and the rest of its text. */
export interface ViewText {
  text: string;
  /** true where there is none */
  where: string;
  /** null where it is not one table's, without groups and further queries */
  table: string | null;
}

const simple = /^(SELECT .*?) FROM ([\w."]+)(?: WHERE (.*))?$/s;

/** Takes the condition out of a plain view, so that its meaning can be compared; order and limit go with the rest. */
export function whereApart(definition: string): ViewText {
  const [, select, table, where = 'true'] = simple.exec(definition) ?? [];
  const isPlain = table !== undefined && !/\b(FROM|JOIN|UNION|INTERSECT|EXCEPT|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH|FOR)\b/.test(definition.replace(/ FROM /, ' ').replaceAll(/'(?:[^']|'')*'/g, ''));
  return isPlain ? { text: `${select} FROM ${table}`, where, table: table.replaceAll('"', '') } : { text: definition, where: 'true', table: null };
}
