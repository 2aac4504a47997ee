/** The program in a process of its own, that tells its peak memory: node --import ./test/support/typescript.mjs importProcess.ts FILE … */
import { run } from '../../src/cli/run.ts';

process.exitCode = await run(['node', 'outrider', 'import', ...process.argv.slice(2)]);
process.stderr.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
