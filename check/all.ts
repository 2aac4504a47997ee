/** Runs every `check:*` script of package.json, a few at a time, and says at the end which failed. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

interface Outcome {
  name: string;
  failed: boolean;
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'));

function run(name: string): Promise<Outcome> {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? '✔' : '✘'} ${name} (${seconds} s)`);
      if (output.trim()) console.log(output.trim().replace(/^/gm, '    '));
      resolve({ name, failed: code !== 0 });
    });
  });
}

async function worker(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let name = waiting.shift(); name; name = waiting.shift()) outcomes.push(await run(name));
  return outcomes;
}

const outcomes = (await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker))).flat();
const failed = outcomes.filter((outcome) => outcome.failed).map((outcome) => outcome.name);
console.log(
  failed.length
    ? `${failed.length} of ${outcomes.length} checks failed: ${failed.join(', ')}`
    : `${outcomes.length} checks passed`,
);
process.exit(failed.length ? 1 : 0);
