/** npm run faults -- [--minutes 30] [--seed N] [--only TEXT] [--json FILE]: see docs/faults.md. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isSound } from './storm/checkInvariants.ts';
import { faults } from './storm/faults.ts';
import { formatReport } from './storm/formatReport.ts';
import { runStorm } from './storm/runStorm.ts';
import { Site } from './storm/Site.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' }, only: { type: 'string', default: '' }, json: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('--minutes is a number above 0, --seed a whole number.');
  process.exit(2);
}
const kinds = Object.keys(faults).filter((kind) => kind.includes(values.only));
if (kinds.length === 0) {
  console.error(`--only is part of one of these: ${Object.keys(faults).join('; ')}.`);
  process.exit(2);
}
console.log(`${minutes} minutes of faults, seed ${seed}`);
const site = await Site.open();
let sound = false;
try {
  const report = await runStorm(site, { seed, seconds: minutes * 60, kinds, say: console.log });
  console.log(`\n${formatReport(report)}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  sound = isSound(report.findings);
} finally {
  await site.close();
}
process.exit(sound ? 0 : 1);
