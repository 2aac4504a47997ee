import { defineConfig, type Plugin } from 'vite';

/**
 * `vite build` makes the program, dist/index.js, of what tsc wrote to build: with all that it imports, in a few files.
 * Node.js finds, reads and links some 2,400 modules for `serve` otherwise, which takes longer than all the rest of its start.
 */
export default defineConfig({
  publicDir: false,
  plugins: [withoutUrlParse()],
  define: { 'process.env.NODE_ENV': '"production"', 'globalThis.process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true },
  build: {
    ssr: 'build/index.js',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node22',
    minify: false,
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // Both are looked for by packages that do without.
      external: ['pg-native', 'class-validator'],
      output: {
        // As deep as build/config/packageRoot.js, which finds what lies beside.
        chunkFileNames: 'chunks/[name].js',
        // Not minified, so that an error in a log names a function and a line.
        keepNames: true,
        comments: false,
      },
    },
  },
});

/** Apollo's integration asks for the deprecated url.parse, about which Node.js warns everybody who calls it from outside of node_modules. */
function withoutUrlParse(): Plugin {
  const deprecated = "import { parse as urlParse } from 'url';";
  const instead = "const urlParse = (url) => new URL(url, 'http://server');";
  return {
    name: 'without-url-parse',
    transform: {
      filter: { id: /@as-integrations\/express5\// },
      handler: (code) => (code.includes(deprecated) ? code.replace(deprecated, instead) : undefined),
    },
  };
}
