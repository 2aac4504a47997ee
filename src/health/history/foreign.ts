import type { LiveCatalog, Relation } from '../catalog.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** A history of migrations that another tool keeps in our schema. */
export interface ForeignHistory {
  table: string;
  tool: string;
}

/** Table → tool and the columns by which it is told from a table that only bears the name. */
const tools: Record<string, [tool: string, ...columns: string[]]> = {
  alembic_version: ['Alembic', 'version_num'],
  knex_migrations: ['Knex', 'name', 'batch'],
  _prisma_migrations: ['Prisma', 'migration_name', 'checksum'],
  flyway_schema_history: ['Flyway', 'installed_rank'],
  databasechangelog: ['Liquibase', 'orderexecuted'],
  mikro_orm_migrations: ['MikroORM', 'name', 'executed_at'],
  SequelizeMeta: ['Sequelize', 'name'],
  django_migrations: ['Django', 'app', 'applied'],
  goose_db_version: ['goose', 'version_id'],
  __drizzle_migrations: ['Drizzle', 'hash', 'created_at'],
  migrations: ['TypeORM', 'timestamp', 'name'],
  ar_internal_metadata: ['Rails', 'key', 'value'],
  kysely_migration: ['Kysely', 'name', 'timestamp'],
  pgmigrations: ['node-pg-migrate', 'name', 'run_on'],
};

export function foreignHistories({ relations }: LiveCatalog): ForeignHistory[] {
  const found = Object.entries(tools).flatMap(([table, [tool, ...columns]]) => {
    const relation = relations[table];
    return relation && columns.every((column) => columnsOf(relation).includes(column)) ? [{ table, tool }] : [];
  });
  const own = relations[HISTORY_TABLE];
  return own && isOfAnotherTool(columnsOf(own)) ? [...found, { table: HISTORY_TABLE, tool: 'another tool (Rails, golang-migrate, dbmate or Ecto)' }] : found;
}

/** `schema_migrations` is a name that others use too: they keep versions, and neither names nor checksums. */
function isOfAnotherTool(columns: readonly string[]): boolean {
  return columns.includes('version') && !columns.includes('name') && !columns.includes('checksum');
}

function columnsOf({ columns, columnNames }: Relation): readonly string[] {
  return columnNames ?? Object.keys(columns);
}
