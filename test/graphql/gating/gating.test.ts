import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { everyBreak } from './breaks.ts';
import { GatingBench, type Outcome } from './bench.ts';

/** GATING=all breaks every object, which takes minutes. */
const share = process.env['GATING'] === 'all' ? 1 : Number(process.env['GATING'] ?? 12);

let bench: GatingBench;
beforeAll(async () => {
  bench = await GatingBench.open();
});
afterAll(() => bench.close());

test('on a sound schema every operation works', async () => {
  expect(await bench.learn()).toEqual({});
});

test('what fails without an object of the schema was predicted, and what was predicted fails', async () => {
  const only = process.env['GATING_ONLY'];
  const breaks = everyBreak(bench.role).filter((one, place) => (only ? `${one.class} ${one.object}`.match(only) : place % share === 0));
  const outcomes: Outcome[] = [];
  const started = Date.now();
  for (const broken of breaks) outcomes.push(await bench.measure(broken));
  let hits = 0, missed = 0, wrong = 0;
  const lines: string[] = [];
  for (const { broken, failed, predicted, reasons } of outcomes) {
    const unforeseen = failed.filter((name) => !predicted.includes(name));
    const works = predicted.filter((name) => !failed.includes(name));
    hits += failed.length - unforeseen.length; missed += unforeseen.length; wrong += works.length;
    if (unforeseen.length) lines.push(`MISSED ${broken.class} ${broken.object}: ${unforeseen.map((n) => `${n} (${reasons[n]?.slice(0, 90)})`).slice(0, 4).join('; ')} ${unforeseen.length}`);
    if (works.length) lines.push(`WRONG ${broken.class} ${broken.object}: ${works.slice(0, 6).join('; ')} ${works.length}`);
  }
  console.log(`${lines.join('\n')}\n${outcomes.length} breaks, ${Date.now() - started} ms: recall ${hits / (hits + missed)} precision ${hits / (hits + wrong)}`);
}, 1_000_000);
