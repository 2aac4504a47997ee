import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A new secret that says what it is for; 256 random bits. */
export const newToken = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`;

/** The admin token that works without the database: the one in DATA_DIR, made when there is none. */
export const localToken = (dataDir: string): string => localSecret(dataDir, 'token', 'outrider');

/** The key of the embedded default, which has no SECRET_KEY: the one in DATA_DIR, made when there is none. */
export const localSecretKey = (dataDir: string): string => localSecret(dataDir, 'secret-key', 'outrider_secret');

/** Only its owner may read it. */
function localSecret(dataDir: string, name: string, prefix: string): string {
  const path = join(dataDir, name);
  mkdirSync(dataDir, { recursive: true });
  try {
    // Exclusive, so that of two first starts at once only one writes.
    writeFileSync(path, newToken(prefix), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  chmodSync(path, 0o600);
  return readFileSync(path, 'utf8').trim();
}
