import { escapeLiteral } from 'pg';
import type { Finding } from '../finding.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** An enum that is missing, or a value of it. What is there is neither taken away nor moved. */
export function enumFixes({ object = '', detail, effect }: Finding, { expected, live }: Scene): Mending[] {
  const labels = expected.enums[object];
  if (!labels) return [];
  const name = quoteTable(object);
  if (!live.enums[object]) {
    return [{ stage: 'type', sql: `create type ${name} as enum (${labels.map((label) => escapeLiteral(label)).join(', ')})`, risk: 'SAFE', lock: 'none' }];
  }
  if (detail === undefined || !labels.includes(detail) || effect === 'NONE') return [];
  const found = live.enums[object];
  const before = labels.slice(0, labels.indexOf(detail)).findLast((label) => found.includes(label) || labels.includes(label));
  const after = labels.slice(labels.indexOf(detail) + 1).find((label) => found.includes(label));
  const place = before !== undefined ? ` after ${escapeLiteral(before)}` : after === undefined ? '' : ` before ${escapeLiteral(after)}`;
  return [{ stage: 'type', place: labels.indexOf(detail) / labels.length, sql: `alter type ${name} add value if not exists ${escapeLiteral(detail)}${place}`, risk: 'SAFE', lock: 'none', note: 'A value of an enum cannot be taken back.' }];
}
