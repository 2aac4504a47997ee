import { KEPT_SCHEMA } from '../../migrate/refusals.ts';

/** Makes the schema that keeps what is replaced; a role that may make no schema needs none where it is there already. */
export const makeKeptSchema = `do $$ begin
  if to_regnamespace('${KEPT_SCHEMA}') is null then
    create schema ${KEPT_SCHEMA};
  end if;
end $$`;
