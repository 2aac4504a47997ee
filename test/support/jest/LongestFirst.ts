import { createRequire } from 'node:module';
import { join } from 'node:path';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer') as typeof import('@jest/test-sequencer');

type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

/** Files that take more than half a minute, the longest first: one that begins last is waited for by nobody but itself. */
const longest = [
  'faults/storm', 'health/repair', 'web/drafts', 'web/settings', 'web/schema', 'health/matrix', 'jobs/faults', 'health/repairObjects', 'postgres/embedded', 'web/messages',
  'import/importCommand', 'health/repairHalfway', 'health/historyRepair', 'web/prospects', 'health/repairLocks', 'sending/killed', 'health/historyCompletion', 'import/realFile',
  'web/everyPage', 'web/jobs', 'languageModel/modelFaults', 'followUps/followUp', 'faults/backup',
].map((name) => join(import.meta.dirname, '../..', `${name}.test.ts`));

/** Jest orders by what a file took the last time; a clean clone knows of none. */
export default class LongestFirst extends Sequencer {
  override sort(tests: Tests): Tests {
    const place = ({ path }: Tests[number]) => (longest.includes(path) ? longest.indexOf(path) : longest.length);
    return [...(super.sort(tests) as Tests)].sort((one, other) => place(one) - place(other));
  }
}
