/** Migrating is refused or failed. The message is one sentence that says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Another process migrates or repairs at this moment. */
export class MigrationLockedError extends MigrationError {
  override name = 'MigrationLockedError';
}
