/**
 * The folder of package.json, dist and data. This file is two folders below it as a source, when compiled, and in a chunk
 * of the bundle (vite.config.ts).
 */
export const packageRoot = new URL('../../', import.meta.url);
