import type { Column, Sequence } from '../catalog.ts';
import type { Counter, LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';

/** Four fifths of the numbers are spent. */
const NEARLY_SPENT = 0.8;

/** Sequences by the columns that they number, whatever their names, and those that stand by themselves by name. */
export function compareSequences(expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const ofColumns = new Set<string>();
  const findings = Object.entries(expected.relations).flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, wanted]) => {
      if (wanted.sequence === null) return [];
      ofColumns.add(wanted.sequence);
      const found = live.relations[table]?.columns[column];
      return found ? ofColumn({ table, column }, wanted, found, expected, live) : [];
    }));
  const loose = Object.entries(expected.sequences).filter(([name]) => !ofColumns.has(name));
  return [...unique(findings), ...loose.flatMap(([object, sequence]) => {
    const found = live.sequences[object];
    return found ? compareSettings({ object }, sequence, found) : [missing({ object })];
  })];
}

interface Place {
  table?: string;
  column?: string;
  object: string;
}

function ofColumn(place: Required<Omit<Place, 'object'>>, wanted: Column, found: Column, expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const [own, other] = [wanted.sequence ?? '', found.sequence];
  // An identity that is gone took its sequence with it.
  if (wanted.identity !== '' && found.identity === '') return [];
  if (other === null) return live.sequences[own] ? [] : [missing({ ...place, object: own })];
  const counter = live.counters[`${place.table}.${place.column}`];
  const [settings, present] = [expected.sequences[own], live.sequences[other]];
  const at = { ...place, object: other };
  const isAnother = other !== own && found.identity === '' && (live.sequences[own] !== undefined || expected.sequences[other] !== undefined);
  return [
    ...(isAnother ? [anotherSource(at, own, other)] : settings && present ? compareSettings(at, settings, present) : []),
    ...(present && counter ? compareProgress(at, wanted, present, counter) : []),
  ];
}

function missing(place: Place): Finding {
  const { table, column, object } = place;
  const consequence = table === undefined ? 'whatever takes a number from it fails' : `${table}.${column} gets no number`;
  return {
    kind: 'SEQUENCE',
    ...place,
    effect: table === undefined ? 'FAILS' : 'WRITE_FAILS',
    sqlState: '42P01',
    expected: object,
    actual: 'missing',
    lost: object,
    needs: table === undefined ? [] : [table, `${table}.${column}`],
    message: `The sequence ${object} is missing: ${consequence}.`,
  };
}

function anotherSource(place: Place, expected: string, actual: string): Finding {
  const { table, column } = place;
  return { kind: 'SEQUENCE', ...place, detail: 'source', effect: 'SILENT', expected, actual, needs: [expected], message: `${table}.${column} takes its numbers from the sequence ${actual} instead of ${expected}: they come from another series and may meet those that are there.` };
}

function compareSettings(place: Place, expected: Sequence, actual: Sequence): Finding[] {
  const findings: Finding[] = [];
  if (expected.persistence !== actual.persistence && actual.persistence === 'u') {
    findings.push({ kind: 'PERSISTENCE', ...place, effect: 'CORRUPTION', expected: 'logged', actual: 'unlogged', message: `The sequence ${place.object} is UNLOGGED: a crash sets it back, and numbers are given twice.` });
  }
  const [wanted, found] = [describe(expected), describe(actual)];
  if (wanted === found) return findings;
  const backwards = expected.increment.startsWith('-') !== actual.increment.startsWith('-');
  const message = `The sequence ${place.object} counts otherwise: ${found} instead of ${wanted}${backwards ? '; it runs against the numbers that are there' : ''}.`;
  return [...findings, { kind: 'SEQUENCE', ...place, detail: 'settings', effect: backwards ? 'SILENT' : 'LATENT', expected: wanted, actual: found, message }];
}

function describe({ type, increment, minimum, maximum, cycle }: Sequence): string {
  return `${type} by ${increment} from ${minimum} to ${maximum}${cycle ? ', again and again' : ''}`;
}

/** Whether the next numbers are free, and whether there are any. */
function compareProgress(place: Place, { type }: Column, sequence: Sequence, { last: text, called, top }: Counter): Finding[] {
  if (text === null || called === null) return [];
  const [last, step] = [BigInt(text), BigInt(sequence.increment)];
  const next = called ? last + step : last;
  const { table, column, object } = place;
  if (top !== null && (step > 0n ? next <= BigInt(top) : next >= BigInt(top))) {
    return [{
      kind: 'SEQUENCE', ...place, detail: 'behind', effect: 'WRITE_FAILS', sqlState: '23505', expected: `${step > 0n ? 'above' : 'below'} ${top}`, actual: `${next} comes next`,
      message: `The sequence ${object} is behind ${table}.${column}: it gives ${next} next while the table already holds ${top}, so inserts meet numbers that are taken.`,
    }];
  }
  const [least, most] = boundsOf(type, sequence);
  if (sequence.cycle) return [];
  if (next > most || next < least) {
    const ofColumn = next <= BigInt(sequence.maximum) && next >= BigInt(sequence.minimum);
    return [{ kind: 'SEQUENCE', ...place, detail: 'end', effect: 'WRITE_FAILS', sqlState: ofColumn ? '22003' : '2200H', expected: 'numbers left', actual: `spent at ${last}`, message: `The sequence ${object} has given its last number, ${last}: every insert into ${table} fails.` }];
  }
  const spent = Number(step > 0n ? last - least : most - last) / Number(most - least);
  if (spent < NEARLY_SPENT) return [];
  const percent = Math.floor(spent * 100);
  return [{ kind: 'SEQUENCE', ...place, detail: 'end', effect: 'LATENT', expected: 'numbers left', actual: `${percent} % spent`, message: `The sequence ${object} has spent ${percent} % of its numbers (${last} of ${step > 0n ? most : least}): inserts into ${table} fail when they are gone.` }];
}

/** A column may hold less than its sequence gives. */
function boundsOf(type: string, { minimum, maximum }: Sequence): [bigint, bigint] {
  const size = { smallint: 32_767n, integer: 2_147_483_647n }[type] ?? 9_223_372_036_854_775_807n;
  const [least, most] = [BigInt(minimum), BigInt(maximum)];
  return [least < -size - 1n ? -size - 1n : least, most > size ? size : most];
}

/** One sequence may number several columns. */
function unique(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ kind, object, detail }) => {
    if (kind === 'SEQUENCE' && detail !== undefined && detail !== 'settings') return true;
    const key = `${kind} ${object} ${detail}`;
    return !seen.has(key) && seen.add(key);
  });
}
