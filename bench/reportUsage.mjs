// Loaded into every server under test (node --import): answers what its process has used.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes in use after a collection. */
function memory() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, used: heapUsed + external };
}

process.on('message', (message) => {
  // CPU time in µs
  if (message === 'cpu') process.send(process.cpuUsage());
  if (message === 'memory') process.send(memory());
});
// The benchmark was broken off.
process.on('disconnect', () => process.kill(process.pid));
process.channel?.unref();
