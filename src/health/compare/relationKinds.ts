/** What PostgreSQL calls each pg_class.relkind. */
export const relationKinds: Record<string, string> = { r: 'table', p: 'partitioned table', v: 'view', m: 'materialized view', f: 'foreign table' };
