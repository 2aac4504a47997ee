import { errors, jwtVerify, type JWTPayload } from 'jose';
import { isReservedName } from '../domain/actorNames.ts';
import { Role } from '../domain/enums.ts';
import { OutriderError } from '../domain/errors.ts';
import { textProblem } from '../domain/text.ts';
import type { Identity } from './identity.ts';
import type { IssuerKeys } from './IssuerKeys.ts';

/** Signatures with the issuer's private key only: with a shared secret the public key would be one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** How far clocks may be apart (s). */
const clockTolerance = 30;
const longestName = 200;

export interface VerifyJwtOptions {
  issuer: string;
  audience: string;
  keys: Pick<IssuerKeys, 'find'>;
  log: { debug(details: object, message: string): void };
}

/** `refused` is one that the issuer has signed: over, for somebody else, without a role. `forged` is one that it has not. */
export type Verified = Identity | 'refused' | 'forged';

/** Three parts in base64url, the first of which is a JSON object. */
export const looksLikeJwt = (token: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(token);

/**
 * Whom a JWT names: `sub`, with the role of the claim `role`.
 *
 * @throws {OutriderError} AUTHENTICATION_UNAVAILABLE
 */
export async function verifyJwt(token: string, { issuer, audience, keys, log }: VerifyJwtOptions): Promise<Verified> {
  try {
    const { payload } = await jwtVerify(token, keys.find, { algorithms, issuer, audience, clockTolerance, requiredClaims: ['sub', 'exp'] });
    const identity = identityOf(payload);
    if (!identity) log.debug({ reason: 'role or sub' }, 'a JWT was refused');
    return identity ?? 'refused';
  } catch (error) {
    if (error instanceof OutriderError) throw error;
    // What the library refuses for its form, such as a weak key, is no JOSEError.
    log.debug({ reason: error instanceof errors.JOSEError ? error.code : (error as Error).name }, 'a JWT was refused');
    // Claims are looked at once the signature is good.
    return error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed ? 'refused' : 'forged';
  }
}

function identityOf({ sub, exp, role }: JWTPayload): Identity | null {
  const known = Object.values(Role).find((name) => typeof role === 'string' && name === role.toLowerCase());
  const name = typeof sub === 'string' ? sub.trim() : '';
  if (!known || name === '' || name.length > longestName || textProblem(name) || isReservedName(name)) return null;
  return { actor: { name, role: known }, expiresAt: (exp! + clockTolerance) * 1000 };
}
