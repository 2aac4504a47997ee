import type { LiveCatalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { compareAccess } from './access.ts';
import { compareEnums } from './enums.ts';
import { compareFunctions } from './functions.ts';
import { compareRelations } from './relations.ts';

/** Every difference between what the migrations make and what is there, by meaning; pure, in no particular order. */
export function compareCatalogs(expected: ExpectedCatalog, actual: LiveCatalog): Finding[] {
  return [
    ...compareRelations(expected, actual),
    ...compareEnums(expected.enums, actual.enums),
    ...compareFunctions(expected.functions, actual.functions),
    ...compareAccess(expected, actual),
  ];
}
