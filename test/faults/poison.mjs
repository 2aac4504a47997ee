/** Preloaded into a worker: rendering for the prospect named Poison ends the process, as POISON says. */
import { Liquid } from 'liquidjs';

const { renderSync } = Liquid.prototype;

const ends = {
  exit: () => process.exit(7),
  abort: () => process.abort(),
  memory: () => {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
  },
};

Liquid.prototype.renderSync = function render(template, scope, options) {
  if (scope.displayName === 'Poison') ends[process.env.POISON]();
  return renderSync.call(this, template, scope, options);
};
