import { escapeLiteral } from 'pg';

/** How the statement that reads a catalog is written. */
export interface Writing {
  /** the name of the main schema, as a literal */
  main: string;
  /** names of what is described; others are only named. null: everything */
  relations: readonly string[] | null;
  sequences: readonly string[] | null;
}

/** The name of an object: without its schema where that is the main one. */
export function nameIn(main: string, schema: string, name: string): string {
  return `case when ${schema} = ${main} then '' else ${schema} || '.' end || ${name}`;
}

/** That no extension made the object. */
export function isOwn(catalog: string, oid: string): string {
  return `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}

export function oneOf(expression: string, names: readonly string[] | null): string {
  if (names === null) return 'true';
  return names.length === 0 ? 'false' : `${expression} in (${names.map((name) => escapeLiteral(name)).join(', ')})`;
}
