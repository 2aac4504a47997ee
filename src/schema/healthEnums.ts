import { enumOf } from './enums.ts';

export const SchemaStatus = enumOf('SchemaStatus', 'The verdict of a check.', {
  READY: 'Every modelled class of difference was verified in this check, and none was found.',
  DRIFTED: 'Something differs, and every operation still works.',
  BROKEN: 'At least one operation fails, or silently does the wrong thing.',
  UNVERIFIED: 'Nothing wrong was found, but not everything could be read (see `unverified`).',
  UNREACHABLE: 'The database does not answer, or does not let us in.',
});

export const SchemaPolicy = enumOf('SchemaPolicy', 'What a start does with a schema that cannot work.', {
  STRICT: 'Refuse to start when an operation could not work.',
  DEGRADE: 'Start, answer SCHEMA_NOT_READY where needed, serve the rest.',
  MIGRATE: 'Apply pending migrations under the lock first, then as STRICT.',
});

export const DriftSeverity = enumOf('DriftSeverity', 'How bad a difference is.', {
  INFO: 'Harmless.',
  WARNING: 'Works today; look at it.',
  BREAKING: 'An operation fails or lies.',
});

export const DriftEffect = enumOf('DriftEffect', 'What a difference does to the people who use the operations; the order is the order of urgency.', {
  LOST_WRITE: 'Writes vanish without an error.',
  CORRUPTION: 'Data may be corrupted or lost after a crash.',
  SILENT: 'Wrong, unprotected or missing data without an error.',
  FAILS: 'Reads and writes fail.',
  READ_FAILS: 'Reads fail.',
  WRITE_FAILS: 'Writes fail.',
  SLOW: 'Works, slower.',
  LATENT: 'The next deploy fails.',
  NONE: 'Nothing.',
});

export const Feature = enumOf('Feature', 'A part of the product that works or fails as one; more values may be added.', {
  PROSPECTS: 'Listing, editing and reviewing prospects.',
  WEBSITE_PIPELINE: 'E-mail drafts and messages.',
  SOCIAL_PIPELINE: 'Profiles, drafts and messages on social platforms.',
  JOBS: 'Imports, drafting and everything else that runs long.',
  DISCOVERY: 'Finding prospects.',
  MESSAGING: 'Sending.',
});

export const MigrationState = enumOf('MigrationState', 'How a migration stands in this database; more values may be added.', {
  APPLIED: 'In place.',
  PENDING: 'Not applied yet.',
  UNKNOWN: 'Applied by a newer build.',
  OUT_OF_ORDER: 'Applied after a later one.',
  CHANGED: 'Its text changed after it was applied.',
  DUPLICATE: 'Recorded more than once.',
  HALF_APPLIED: 'Stopped in the middle.',
});

export const RepairRisk = enumOf('RepairRisk', 'What a step of repair may do.', {
  SAFE: 'Additive, short lock, keeps every row.',
  CAUTION: 'May hold a lock or scan a large table.',
  DANGEROUS: 'Could lose data or break a reader; never run automatically.',
});

export const RepairAction = enumOf('RepairAction', 'What was asked for.', {
  REPAIR: 'Steps of a repair plan.',
  MIGRATE: 'Every pending migration.',
});

export const RepairState = enumOf('RepairState', 'How far a repair is.', {
  RUNNING: 'It goes on.',
  DONE: 'Every chosen step was done.',
  FAILED: 'A step failed, or its process ended before it did.',
});

export const RepairStepState = enumOf('RepairStepState', 'How far a step of a repair is.', {
  PENDING: 'Not begun.',
  RUNNING: 'At work, or waiting for a lock.',
  DONE: 'Done.',
  FAILED: 'It failed; its error says why.',
  SKIPPED: 'Not run, because what it rests on was not done.',
});
