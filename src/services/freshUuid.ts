import { sql } from 'kysely';

/** A new uuid v7 (RFC 9562) for each row of a statement; PostgreSQL has a function for it only from version 18 on. */
export const freshUuid = sql<string>`encode(set_bit(set_bit(overlay(
  uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6
), 52, 1), 53, 1), 'hex')::uuid`;
