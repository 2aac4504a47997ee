import { wordFor } from './compare/mentions.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { findingId, type Finding } from './finding.ts';

/**
 * The difference that explains each one: the lost column of an index, the lost function of a trigger, the migration
 * that would have made a table. Answers id → id of the cause.
 */
export function causesOf(findings: readonly Finding[], { origins }: ExpectedCatalog): Map<string, string> {
  const losses = new Map<string, string>();
  const unfinished = new Map<string, string>();
  for (const finding of findings) {
    if (finding.lost !== undefined) losses.set(isNamedInExpressions(finding) ? wordFor(finding.lost) : finding.lost, findingId(finding));
    if (finding.lostKey !== undefined) losses.set(finding.lostKey, findingId(finding));
    if (isUnfinished(finding)) unfinished.set(finding.object ?? '', findingId(finding));
  }
  const causes = new Map<string, string>();
  for (const finding of findings) {
    const id = findingId(finding);
    const cause = lossBehind(finding, losses) ?? unfinished.get(originOf(finding, origins) ?? '');
    if (cause !== undefined && cause !== id) causes.set(id, cause);
  }
  return causes;
}

function isNamedInExpressions({ kind }: Finding): boolean {
  return kind === 'ENUM' || kind === 'FUNCTION';
}

function isUnfinished({ kind }: Finding): boolean {
  return kind === 'MIGRATION_PENDING' || kind === 'MIGRATION_HALF_APPLIED' || kind === 'MIGRATION_OUT_OF_ORDER' || kind === 'MIGRATION_IN_PROGRESS' || kind === 'MIGRATION_EFFECT_ABSENT';
}

/** A part is no cause of its own loss. */
function lossBehind({ needs = [], lost: own }: Finding, losses: ReadonlyMap<string, string>): string | undefined {
  const lost = needs.find((part) => part !== own && losses.has(part));
  return lost === undefined ? undefined : losses.get(lost);
}

function originOf({ lost, table }: Finding, origins: Record<string, string>): string | undefined {
  if (lost === undefined) return undefined;
  return origins[lost] ?? (table === undefined ? undefined : origins[table]);
}
