import type { Finding } from '../finding.ts';
import type { Names } from './names/names.ts';

/** What went with its schema: not there, and no loss of its own where the schema only has another name. */
export function withSchema(missing: Finding[], { schemas }: Names): Finding[] {
  return missing.flatMap((finding) => {
    const [schema = ''] = (finding.object ?? '').split('.');
    if (!schemas.has(schema)) return [finding];
    return schemas.get(schema) === null ? [{ ...finding, needs: [...(finding.needs ?? []), `schema:${schema}`] }] : [];
  });
}
