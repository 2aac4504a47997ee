/** The command "import" in a process of its own: node --import ./test/support/typescript.mjs importProcess.ts FILE …. Tells its peak memory. */
import { Command } from 'commander';
import { CommandError } from '../../src/cli/CommandError.ts';
import { importCommand } from '../../src/cli/import.ts';

try {
  await new Command().exitOverride().addCommand(importCommand().exitOverride()).parseAsync(['node', 'outrider', 'import', ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof CommandError ? error.exitCode : 2;
}
process.stderr.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
