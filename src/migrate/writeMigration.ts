import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a folder of migrations, `0001_pipeline.ts`, in order, without their ending. */
function listMigrations(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
}

/**
 * Writes the next migration of `folder` with these statements, renews `index.ts`, and returns the new migration's name.
 * `title` is snake_case.
 */
export function writeMigration(folder: string, title: string, statements: readonly string[]): string {
  const last = listMigrations(folder).at(-1);
  const number = String(Number(last?.slice(0, 4) ?? 0) + 1).padStart(4, '0');
  const name = `${number}_${title}`;
  writeFileSync(join(folder, `${name}.ts`), migrationText(name, statements), { flag: 'wx' });
  writeFileSync(join(folder, 'index.ts'), indexText(listMigrations(folder)));
  return name;
}

function migrationText(name: string, statements: readonly string[]): string {
  const calls = statements.map((statement) => `    this.addSql(\`${statement.replaceAll(/[\\`]|\$\{/g, '\\$&')}\`);\n`);
  return `import { Migration } from '@mikro-orm/migrations';

export class ${className(name)} extends Migration {
  override name = '${name}';

  override up(): void {
${calls.join('')}  }
}
`;
}

function indexText(names: readonly string[]): string {
  const imports = names.map((name) => `import { ${className(name)} } from './${name}.ts';\n`);
  return `${imports.join('')}
/** Every migration in the order in which it is applied. Never edit, reorder or remove one that has landed. */
export const migrations = [${names.map(className).join(', ')}];
`;
}

/** `0003_add_score` → `Migration0003AddScore` */
function className(name: string): string {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Migration${words.join('')}`;
}
