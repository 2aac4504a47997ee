import type { DriftFragment } from '../../web/src/graphql/graphql.ts';
import { incidents } from '../../web/src/pages/schema/incidents.ts';

const drift = (id: string, effect: DriftFragment['effect'], causedBy: string | null = null): DriftFragment => ({
  id,
  kind: 'MISSING_COLUMN',
  severity: 'BREAKING',
  table: 'jobs',
  column: id,
  object: null,
  effect,
  sqlState: null,
  expected: null,
  actual: null,
  message: id,
  evidence: null,
  causedBy,
  affects: [],
  since: null,
  change: null,
  fixes: [],
});

const ids = (all: readonly DriftFragment[]) => incidents(all).map(({ cause, consequences }) => [cause.id, ...consequences.map(({ id }) => id)]);

describe('the incidents of a check', () => {
  it('put writes that vanish before loud failures, and those before slowness', () => {
    expect(ids([drift('slow', 'SLOW'), drift('fails', 'FAILS'), drift('lost', 'LOST_WRITE')])).toEqual([['lost'], ['fails'], ['slow']]);
  });

  it('stand a consequence under its cause, which is as urgent as the worst of them', () => {
    expect(ids([drift('fails', 'FAILS'), drift('cause', 'LATENT'), drift('silent', 'SILENT', 'cause')])).toEqual([['cause', 'silent'], ['fails']]);
  });

  it('keep a difference whose cause is not in the list', () => {
    expect(ids([drift('orphan', 'SILENT', 'elsewhere')])).toEqual([['orphan']]);
  });
});
