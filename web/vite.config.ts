import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import manifest from '../package.json' with { type: 'json' };
import { trustedDocuments } from './trustedDocuments.ts';

/** `vite build web` writes dist/web, which the server serves; `vite web` passes the API on to a running server. */
export default defineConfig({
  plugins: [react(), trustedDocuments()],
  define: { __VERSION__: JSON.stringify(manifest.version) },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What most pages are made of comes once, with the start, and not as a file for each part.
        codeSplitting: { groups: [{ name: 'parts', test: /web\/src\/(parts|api|keys)\/[^/]+$/, minShareCount: 3 }] },
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:4000', ws: true },
      '/login': 'http://127.0.0.1:4000',
    },
  },
});
