/** What a server says of itself. */
export interface Identity {
  /** it replays what another server writes */
  isStandby: boolean;
  /** the same on a server and all that were copied from it */
  system: string;
  /** the database's oid, which its copies share */
  database: string;
  user: string;
  searchPath: string;
  /**
   * In bytes since the beginning of the write-ahead log: of a primary what was written, of a standby what was replayed.
   * The end of what was inserted rather than flushed: a commit that need not wait for the disk is below it too.
   */
  position: number;
}

/** One row, an Identity. */
export const askIdentity = `
  select pg_is_in_recovery() as "isStandby",
    (select system_identifier::text from pg_control_system()) as system,
    (select oid::text from pg_database where datname = current_database()) as database,
    current_user::text as "user", current_setting('search_path') as "searchPath",
    (case when pg_is_in_recovery() then coalesce(pg_last_wal_replay_lsn(), '0/0') else pg_current_wal_insert_lsn() end - '0/0')::float8 as position`;

/** Why a server cannot stand in for the primary, in words that follow its name; null when it can. */
export function refusalOf(replica: Identity, primary: Identity): string | null {
  if (!replica.isStandby) return 'can be written, so it is no replica: give DATABASE_REPLICA_URLS streaming replicas of DATABASE_URL only';
  if (replica.system !== primary.system) return 'is a replica of another server than that of DATABASE_URL';
  if (replica.database !== primary.database) return 'shows another database than DATABASE_URL does: give both the same one';
  if (replica.user !== primary.user || replica.searchPath !== primary.searchPath) {
    // Row security or another schema would leave rows out without an error.
    return `is read as ${replica.user} (search_path ${replica.searchPath}) and DATABASE_URL as ${primary.user} (${primary.searchPath}), who may see other rows: give both the same user`;
  }
  return null;
}
