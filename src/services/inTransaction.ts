import type { EntityManager } from '@mikro-orm/postgresql';
import { wasOutrun } from '../domain/databaseErrors.ts';
import { retryTransient } from './retryTransient.ts';

/**
 * Runs what a person has asked for in a transaction; again where another one was first, so that nobody is told to send it again for
 * a deadlock, or for what somebody else has just taken. What was waited for in vain is not tried again.
 */
export function inTransaction<Result>(em: EntityManager, work: (tx: EntityManager) => Promise<Result>): Promise<Result> {
  return retryTransient(() => em.transactional(work), wasOutrun);
}
