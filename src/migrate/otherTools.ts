/** How the history of another migration tool is told from a table that only bears its name: table → tool and columns. */
export const otherTools: Readonly<Record<string, { tool: string; columns: readonly string[] }>> = {
  alembic_version: { tool: 'Alembic', columns: ['version_num'] },
  knex_migrations: { tool: 'Knex', columns: ['name', 'batch'] },
  _prisma_migrations: { tool: 'Prisma', columns: ['migration_name', 'checksum'] },
  flyway_schema_history: { tool: 'Flyway', columns: ['installed_rank'] },
  databasechangelog: { tool: 'Liquibase', columns: ['orderexecuted'] },
  mikro_orm_migrations: { tool: 'MikroORM', columns: ['name', 'executed_at'] },
  SequelizeMeta: { tool: 'Sequelize', columns: ['name'] },
  django_migrations: { tool: 'Django', columns: ['app', 'applied'] },
  goose_db_version: { tool: 'goose', columns: ['version_id'] },
  __drizzle_migrations: { tool: 'Drizzle', columns: ['hash', 'created_at'] },
  migrations: { tool: 'TypeORM', columns: ['timestamp', 'name'] },
  ar_internal_metadata: { tool: 'Rails', columns: ['key', 'value'] },
  kysely_migration: { tool: 'Kysely', columns: ['name', 'timestamp'] },
  pgmigrations: { tool: 'node-pg-migrate', columns: ['name', 'run_on'] },
};
