import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { draftsSearch } from './pages/drafts/search.ts';
import { jobsSearch } from './pages/jobs/search.ts';
import { jobSearch } from './pages/job/search.ts';
import { messagesSearch } from './pages/messages/search.ts';
import { overviewSearch } from './pages/overview/search.ts';
import { prospectsSearch } from './pages/prospects/search.ts';
import { schemaSearch } from './pages/schema/search.ts';
import { settingsSearch } from './pages/settings/search.ts';
import { NotFound } from './parts/NotFound.tsx';
import { PageCrashed } from './parts/PageCrashed.tsx';
import { parseSearch, stringifySearch } from './searchParams.ts';
import { Shell } from './shell/Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    validateSearch: overviewSearch,
    component: lazyRouteComponent(() => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/drafts',
    validateSearch: draftsSearch,
    component: lazyRouteComponent(() => import('./pages/drafts/DraftsPage.tsx'), 'DraftsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/messages',
    validateSearch: messagesSearch,
    component: lazyRouteComponent(() => import('./pages/messages/MessagesPage.tsx'), 'MessagesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs',
    validateSearch: jobsSearch,
    component: lazyRouteComponent(() => import('./pages/jobs/JobsPage.tsx'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs/$id',
    validateSearch: jobSearch,
    component: lazyRouteComponent(() => import('./pages/job/JobPage.tsx'), 'JobPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/prospects',
    validateSearch: prospectsSearch,
    component: lazyRouteComponent(() => import('./pages/prospects/ProspectsPage.tsx'), 'ProspectsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/schema',
    validateSearch: schemaSearch,
    component: lazyRouteComponent(() => import('./pages/schema/SchemaPage.tsx'), 'SchemaPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    validateSearch: settingsSearch,
    component: lazyRouteComponent(() => import('./pages/settings/SettingsPage.tsx'), 'SettingsPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageCrashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
