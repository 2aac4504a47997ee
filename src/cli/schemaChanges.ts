import { createOrm } from '../database/createOrm.ts';

/** The statements, in order and without semicolons, that would make the database at `url` what the entities say. */
export async function schemaChanges(url: string): Promise<string[]> {
  const orm = await createOrm({ url });
  try {
    return splitStatements(await orm.schema.getUpdateSchemaSQL({ wrap: false }));
  } finally {
    await orm.close();
  }
}

/** A semicolon at the end of a line ends a statement, unless a text literal is open there. */
function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let open = '';
  for (const part of sql.split(/;(?:\n|$)/)) {
    open = open ? `${open};\n${part}` : part;
    if (open.split(`'`).length % 2 === 0) continue;
    if (open.trim()) statements.push(open.trim());
    open = '';
  }
  return statements;
}
