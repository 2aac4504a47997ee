import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * `vite build web/graphiql` writes dist/graphiql, which the server serves for development: a build of its own, so that
 * nothing of it comes into the dashboard's.
 */
export default defineConfig({
  base: '/graphiql/',
  publicDir: false,
  plugins: [react(), withoutFonts()],
  build: {
    outDir: '../../dist/graphiql',
    emptyOutDir: true,
    target: 'es2023',
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    // One page for those who develop, from their own machine.
    chunkSizeWarningLimit: 1_500,
    // React's compiler marks its own runtime with a directive that means nothing once it is compiled.
    rolldownOptions: { onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)) },
  },
});

/** GraphiQL's style has 360 kB of fonts in data: URLs, which the server's policy refuses; the system's do. */
function withoutFonts(): Plugin {
  return {
    name: 'without-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /graphiql\/dist\/style\.css/ },
      handler: (css) => css.replace(/@font-face\s*\{[^}]*\}/g, ''),
    },
  };
}
