import type { MikroORM } from '@mikro-orm/postgresql';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import { createAuthenticator } from '../http/authenticate.ts';
import { IssuerKeys } from '../http/IssuerKeys.ts';
import { RequestOrigin } from '../http/RequestOrigin.ts';
import type { Access } from '../http/requireActor.ts';
import { verifyJwt } from '../http/verifyJwt.ts';
import { findApiKeys } from './apiKeys.ts';
import { recordKeyUses } from './recordKeyUses.ts';

export interface AccessOptions {
  environment: Pick<Environment, 'jwt' | 'trustProxy' | 'corsOrigins'>;
  /** the address that people reach this server by */
  publicUrl: string | undefined;
  /** each of them is good */
  adminTokens: readonly string[];
  orm: MikroORM;
  /** whether a key that is revoked elsewhere would be told here */
  isHearing(): boolean;
  /** tokens that were good may open nothing any more */
  onChange(): void;
  log: Logger;
}

/** Who may ask, with what, and from where. */
export function openAccess({ environment, publicUrl, adminTokens, orm, isHearing, onChange, log }: AccessOptions): Access & { close(): Promise<void> } {
  const { jwt } = environment;
  const forget = () => {
    authenticator.forget();
    onChange();
  };
  const keys = jwt && new IssuerKeys({ url: jwt.jwksUrl, log, onChange: forget });
  const uses = recordKeyUses(orm, log);
  const authenticator = createAuthenticator({
    adminTokens,
    findKeys: (hashes) => findApiKeys(orm, hashes),
    verifyJwt: keys ? (token) => verifyJwt(token, { ...jwt!, keys, log }) : null,
    isHearing,
    onUse: uses.note,
  });
  return {
    authenticator,
    origin: new RequestOrigin({ ...environment, publicUrl }),
    close() {
      keys?.close();
      return uses.close();
    },
  };
}
