import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import type { Field } from './import/fields.ts';
import { type ImportedProspect, readRow } from './import/row.ts';
import { RowError } from './import/RowReader.ts';

/**
 * A prospect as a person entered it, under the same rules as an imported row.
 * @throws {UserErrors} INVALID, with the field
 */
export function readProspectInput(input: Partial<Record<Field, unknown>>): ImportedProspect {
  try {
    return readRow({ value: (field) => input[field], values: (field) => (input[field] == null ? [] : [input[field]]), column: (field) => field });
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw new UserErrors({
      code: UserErrorCode.INVALID,
      message: error.message,
      field: error.column === null ? ['input'] : ['input', error.column],
    });
  }
}
