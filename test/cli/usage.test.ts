import { expect, test } from '@jest/globals';
import { runOutrider } from '../support/program.ts';

test.each([
  ['a command that is not known', ['nonsense'], /unknown command 'nonsense'/],
  ['an option that is not known', ['worker', '--nonsense'], /unknown option '--nonsense'/],
  ['a number of chunks that is none', ['worker', '--concurrency', 'many'], /whole number from 1 to 16/],
  ['too many chunks at once', ['worker', '--concurrency', '17'], /whole number from 1 to 16/],
  ['a role that is not known', ['token', 'create', '--name', 'x', '--role', 'king'], /Allowed choices are viewer, operator, admin/],
])('%s is bad usage: exit 2 and the reason, before anything is opened', async (_what, args, reason) => {
  const { code, out, err } = await runOutrider(args, { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(reason);
});
