import type { MikroORM } from '@mikro-orm/postgresql';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import { createAuthenticator } from '../http/authenticate.ts';
import { IssuerKeys } from '../http/IssuerKeys.ts';
import { RequestOrigin } from '../http/RequestOrigin.ts';
import type { Access } from '../http/requireActor.ts';
import { verifyJwt } from '../http/verifyJwt.ts';
import { findApiKeys } from './apiKeys.ts';

export interface AccessOptions {
  environment: Pick<Environment, 'jwt' | 'trustProxy' | 'corsOrigins'>;
  /** the address that people reach this server by */
  publicUrl: string | undefined;
  adminToken: string;
  orm: MikroORM;
  log: Logger;
}

/** Who may ask, with what, and from where. */
export function openAccess({ environment, publicUrl, adminToken, orm, log }: AccessOptions): Access & { close(): void } {
  const { jwt } = environment;
  const keys = jwt && new IssuerKeys({ url: jwt.jwksUrl, log, onChange: () => authenticator.forget() });
  const authenticator = createAuthenticator({
    adminToken,
    findKeys: (hashes) => findApiKeys(orm, hashes),
    verifyJwt: keys ? (token) => verifyJwt(token, { ...jwt!, keys, log }) : null,
  });
  return { authenticator, origin: new RequestOrigin({ ...environment, publicUrl }), close: () => keys?.close() };
}
