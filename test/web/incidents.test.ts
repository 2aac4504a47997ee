import type { DriftFragment, StepFragment } from '../../web/src/graphql/graphql.ts';
import { filtered, incidents, placeOf } from '../../web/src/pages/schema/incidents.ts';
import { planChange } from '../../web/src/pages/schema/planChange.ts';
import { timelineRange, timelineRows } from '../../web/src/pages/schema/timeline.ts';

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

  it('stand whatever follows from a consequence under the first cause, and gather what they stop', () => {
    const chain = [drift('third', 'SLOW', 'second'), { ...drift('second', 'FAILS', 'first'), affects: ['Query.jobs'] }, drift('first', 'LATENT')];
    expect(ids(chain)).toEqual([['first', 'third', 'second']]);
    expect(incidents(chain)[0]).toMatchObject({ effect: 'FAILS', affects: ['Query.jobs'] });
  });

  it('are found by what is said of them and of what followed, and by severity', () => {
    const all = incidents([drift('one', 'FAILS'), { ...drift('two', 'SLOW', 'one'), affects: ['Mutation.startDraftJob'] }, { ...drift('three', 'NONE'), severity: 'INFO' }]);
    const causes = (search: Parameters<typeof filtered>[1]) => filtered(all, search).map(({ cause }) => cause.id);
    expect(causes({ q: 'STARTDRAFT' })).toEqual(['one']);
    expect(causes({ severity: 'INFO' })).toEqual(['three']);
    expect(causes({ q: 'nothing' })).toEqual([]);
  });

  it('are named by column, or by object and table', () => {
    expect(placeOf({ table: 'jobs', column: 'status', object: null })).toBe('jobs.status');
    expect(placeOf({ table: 'jobs', column: null, object: 'jobs_status' })).toBe('jobs_status on jobs');
    expect(placeOf({ table: null, column: null, object: null })).toBe('');
  });
});

describe('the difference between two plans', () => {
  const step = (id: string, sql = id): StepFragment => ({ id, sql, risk: 'SAFE', lock: 'none', note: null, estimatedMs: null, undo: null, resolves: [], error: null });

  it('is what came, what went, and what reads otherwise', () => {
    const { added, gone, changed } = planChange([step('a'), step('b')], [step('b', 'another'), step('c')]);
    expect([added, gone, changed].map((steps) => steps.map(({ id }) => id))).toEqual([['c'], ['a'], ['b']]);
  });
});

describe('the picture of drift over time', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');
  const past = (id: string, since: string, until: string) => ({ __typename: 'PastDrift' as const, id, since, until, effect: null, message: null, changedBy: null });

  it('has one row for all times of a thing, what differs now first', () => {
    const rows = timelineRows(incidents([{ ...drift('INDEX:a', 'SLOW'), since: '2026-01-01T12:00:00Z' }]), [
      past('RULE:b', '2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z'),
      past('INDEX:a', '2025-12-01T00:00:00Z', '2025-12-02T00:00:00Z'),
    ]);
    expect(rows.map(({ kind, place, spans }) => [kind, place, spans.length])).toEqual([['Index', 'a', 2], ['Rule', 'b', 1]]);
    expect(timelineRange(rows, now).from).toBeLessThan(Date.parse('2025-12-01T00:00:00Z'));
  });

  it('spans an hour at least', () => {
    const { from, to } = timelineRange([], now);
    expect(to - from).toBeGreaterThanOrEqual(3_600_000);
  });
});
