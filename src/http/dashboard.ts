import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import { packageRoot } from '../config/packageRoot.ts';

/** What the dashboard's build writes. */
export const dashboardFolder = fileURLToPath(new URL('dist/web', packageRoot));

/** The built dashboard; every path that is no file answers its page, because the dashboard has the routes. */
export function dashboardRoutes(folder: string): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  // Vite names the files below assets by their content.
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  router.use(express.static(folder, { index: false }));
  router.get('/{*path}', (request, response, next) => {
    if (!request.accepts('html')) {
      next();
    } else if (existsSync(page)) {
      response.set('cache-control', 'no-cache').sendFile(page, { dotfiles: 'allow' });
    } else {
      response.status(503).type('text').send('The dashboard is not built: run "npm run build".\n');
    }
  });
  return router;
}
