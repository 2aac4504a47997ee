/** The built product with the types of its sources; Node runs no decorators, so not the sources themselves. */
const built = <Module>(path: string): Promise<Module> => import(new URL(`../build/${path}`, import.meta.url).href);

export const { migrate } = await built<typeof import('../src/migrate/migrate.ts')>('migrate/migrate.js');
export const { startEmbeddedPostgres } = await built<typeof import('../src/postgres/embedded.ts')>('postgres/embedded.js');
export const { createOrm } = await built<typeof import('../src/database/createOrm.ts')>('database/createOrm.js');
export const { createSchemaHealth } = await built<typeof import('../src/health/health.ts')>('health/health.js');
