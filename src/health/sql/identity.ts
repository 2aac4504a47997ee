/** Which database of which running server answers: the same for every role and through every pooler, until PostgreSQL restarts. */
export const identityJson = `(select oid || ' ' || extract(epoch from pg_postmaster_start_time()) from pg_database where datname = current_database())`;
