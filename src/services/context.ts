import type { EntityManager } from '@mikro-orm/postgresql';
import type { Outreach } from '../config/outreach.ts';
import type { Role } from '../domain/enums.ts';

/** Who asks: an API key's name, "admin" for OUTRIDER_TOKEN, "cli" for a command. */
export interface Actor {
  name: string;
  role: Role;
  /** OUTRIDER_TOKEN, which nothing locks out */
  isAdminToken?: true;
}

/** What every service needs; it opens its one transaction on `em`. */
export interface ServiceContext {
  em: EntityManager;
  actor: Actor;
  /** how people and services are reached */
  outreach: Outreach;
}
