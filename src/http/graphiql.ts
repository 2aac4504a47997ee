import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import { packageRoot } from '../config/packageRoot.ts';

export const graphiqlPath = '/graphiql';

const folder = fileURLToPath(new URL('dist/graphiql', packageRoot));

/** GraphiQL, for development: a page that writes, checks and runs operations. It asks as whoever opens it. */
export function graphiqlRoutes(): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  // Vite names the files below assets by their content.
  router.use(`${graphiqlPath}/assets`, express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  router.get(graphiqlPath, (_request, response) => {
    if (existsSync(page)) response.set('cache-control', 'no-cache').sendFile(page, { dotfiles: 'allow' });
    else response.status(503).type('text').send('GraphiQL is not built: run "npm run build".\n');
  });
  return router;
}
