import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';

/** Where no session can write: a standby, and a role or database that is read-only by a setting, as providers set it when a disk is nearly full. */
export function compareWithoutWrites({ standby, writes, database: { user, name } }: LiveCatalog): Finding[] {
  const common = { kind: 'PRIVILEGE', effect: 'WRITE_FAILS', sqlState: '25006', rights: ['INSERT', 'UPDATE', 'DELETE', 'LOCK'] } as const;
  if (standby) {
    return [{
      ...common,
      object: 'pg_is_in_recovery',
      expected: 'false',
      actual: 'true',
      message: 'Nothing can be written: this PostgreSQL is in recovery, as a standby or a backup that is being restored. Point DATABASE_URL to the primary, or promote this one ("select pg_promote()") where there is none.',
    }];
  }
  if (writes) return [];
  return [{
    ...common,
    object: 'default_transaction_read_only',
    expected: 'off',
    actual: 'on',
    message: `Nothing can be written: default_transaction_read_only is on for the role ${user} or the database ${name}. Providers set it when the disk is nearly full: remove the cause, then reset the setting.`,
  }];
}
