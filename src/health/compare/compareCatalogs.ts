import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { compareAccess } from './access.ts';
import { compareCollationVersions } from './collationVersions.ts';
import { compareDomains } from './domains.ts';
import { compareDisabledTriggers } from './disabledTriggers.ts';
import { compareEncoding } from './encoding.ts';
import { compareEnums } from './enums.ts';
import { compareExtensions } from './extensions.ts';
import { compareFunctions } from './functions.ts';
import { compareNames } from './names/compareNames.ts';
import { namesOf, withoutImpostors } from './names/names.ts';
import { underOldNames } from './names/underOldNames.ts';
import { compareOwners } from './owners.ts';
import { compareRelations } from './relations.ts';
import { compareRowSecurity } from './rowSecurity.ts';
import { compareSearchPath } from './searchPath.ts';
import { compareSequences } from './sequences.ts';
import { compareStrangers } from './strangers.ts';
import { compareViews } from './views.ts';
import { compareWithoutWrites } from './withoutWrites.ts';

/** Every difference between what the migrations make and what is there, by meaning; pure, in no particular order. */
export function compareCatalogs(expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const { impostors, catalog: actual } = withoutImpostors(expected, live);
  const names = namesOf(expected, actual, impostors);
  const seen = underOldNames(expected, actual, names);
  const ofRelations = compareRelations(expected, seen, names);
  return [
    ...compareNames(expected, actual, names),
    ...ofRelations,
    ...compareDisabledTriggers(seen, ofRelations),
    ...compareEnums(expected.enums, seen.enums, names),
    ...compareFunctions(expected.functions, seen.functions, names),
    ...compareViews(expected, seen),
    ...compareSequences(expected, seen),
    ...compareDomains(expected.domains, seen.domains),
    ...compareExtensions(expected, actual),
    ...compareCollationVersions(actual),
    ...compareOwners(expected, actual),
    ...compareAccess(expected, actual),
    ...compareRowSecurity(expected, actual),
    ...compareSearchPath(expected, actual),
    ...compareStrangers(actual),
    ...compareEncoding(actual),
    ...compareWithoutWrites(actual),
  ];
}
