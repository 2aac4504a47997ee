import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import { packageRoot } from '../config/packageRoot.ts';

/** What the dashboard's build writes. */
export const dashboardFolder = fileURLToPath(new URL('dist/web', packageRoot));

/**
 * The built dashboard; every path that is no file answers its page, because the dashboard has the routes.
 * @param graphiql the path of GraphiQL, for the page to lead to; null where it is not served
 */
export function dashboardRoutes(folder: string, { graphiql }: { graphiql: string | null }): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  // Vite names the files below assets by their content.
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  router.use(express.static(folder, { index: false }));
  router.get('/{*path}', (request, response, next) => {
    if (!request.accepts('html')) {
      next();
    } else if (!existsSync(page)) {
      response.status(503).type('text').send('The dashboard is not built: run "npm run build".\n');
    } else if (graphiql) {
      // A browser that asks whether its copy still holds would be told so by the file's date, with another setting too.
      response.set('cache-control', 'no-store').type('html').send(readFileSync(page, 'utf8').replace('</head>', `<link rel="service-doc" href="${graphiql}"></head>`));
    } else {
      response.set('cache-control', 'no-cache').sendFile(page, { dotfiles: 'allow' });
    }
  });
  return router;
}
