import { Router, type Response } from 'express';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import type { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import { applyMigrations } from '../services/applyMigrations.ts';
import { credentialsOf } from './credentials.ts';
import { sendError } from './errors.ts';
import { sendForeign, type Access } from './requireActor.ts';

/** Proxies give up on an answer after 30 s or so; the migration goes on. */
const waitMs = 25_000;

/**
 * POST /health/migrate, for platforms without a shell: applies the pending migrations. Only for OUTRIDER_TOKEN, because
 * API keys are in the database that may have nothing yet.
 *
 * 200 all is applied; 202 it goes on; 401, 403; 409 another process migrates; 500 it failed, with the reason
 */
export function migrateRoutes(repairs: SchemaRepairs, { authenticator, origin }: Access): Router {
  return Router().post('/migrate', async (request, response) => {
    const { token, isForeign } = credentialsOf(request, origin);
    if (isForeign) return sendForeign(response);
    // A key that nobody can look up is no reason to speak of the database: it would not do either.
    const identity = await authenticator.identify(token, () => origin.addressOf(request)).catch(() => null);
    if (!identity) sendError(response, 'UNAUTHENTICATED', 'Send OUTRIDER_TOKEN: Authorization: Bearer TOKEN.');
    else if (!authenticator.isAdminToken(token)) sendError(response, 'FORBIDDEN', 'Only OUTRIDER_TOKEN may migrate.', 403);
    else await answer(response, () => applyMigrations({ repairs, actor: identity.actor }, { dryRun: false, waitMs }));
  });
}

async function answer(response: Response, run: () => ReturnType<typeof applyMigrations>): Promise<void> {
  const namesOf = (steps: readonly { id: string }[]) => steps.map(({ id }) => id.replace(/^\w+:/, ''));
  try {
    const { executed, failed, skipped, running, health } = await run();
    const body = { applied: namesOf(executed), pending: namesOf([...failed, ...skipped]), running, health };
    response.status(failed.length > 0 ? 500 : running ? 202 : 200).json(failed.length > 0 ? { ...body, error: failed[0]?.error } : body);
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error;
    const status = error.errors[0]?.code === UserErrorCode.CONFLICT ? 409 : 500;
    response.status(status).json({ applied: [], error: error.message, errors: error.errors.map(({ code, message }) => ({ message, extensions: { code } })) });
  }
}
