/**
 * The emitted schema against the contract that front ends rely on. What is not built yet stands in
 * test/contract/open.txt, one schema coordinate a line; everything else that is missing or changed fails.
 */
import { readFileSync } from 'node:fs';
import { compareContract } from './compareContract.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const open = read('test/contract/open.txt').split('\n').filter(Boolean);
const { breaches, built, unknown } = compareContract(
  read('test/contract/outrider.graphql'),
  read('schema.graphql'),
  open,
);

for (const breach of breaches) console.log(breach);
for (const coordinate of built) console.log(`${coordinate} is built: take it off test/contract/open.txt.`);
for (const coordinate of unknown) console.log(`${coordinate} of test/contract/open.txt is not in the contract.`);
if (open.length) console.log(`still open: ${open.join(', ')}`);
console.log(`${breaches.length} breaches of the contract, ${open.length} coordinates still open`);
process.exit(breaches.length + built.length + unknown.length ? 1 : 0);
