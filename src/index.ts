#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 17)) {
  process.stderr.write(`Outrider needs Node.js 22.17 or newer, and this is ${process.versions.node}: install a newer one, or use the npm scripts, which bring their own.\n`);
  process.exitCode = 1;
} else {
  // Loaded only now: what it imports does not load on an older Node.js.
  const { run } = await import('./cli/run.ts');
  process.exitCode = await run(process.argv);
}
