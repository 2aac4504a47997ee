import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { scopeOf } from '../../src/limits/RequestScope.ts';
import { collectGarbage } from '../support/collectGarbage.ts';
import { waitFor } from '../support/waitFor.ts';

test('a request that is answered, and lives on in its connection, keeps nothing of the answer', async () => {
  const request = {};
  const answered = async () => new WeakRef(await scopeOf(request).run(async () => ({ rows: Array.from({ length: 1_000 }, () => 'row') })));
  const answer = await answered();
  await waitFor(async () => {
    await turn();
    collectGarbage();
    return answer.deref() === undefined;
  });
  expect(scopeOf(request).refusal).toBeNull();
});
