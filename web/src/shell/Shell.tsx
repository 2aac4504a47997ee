import { Link, Outlet } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { signedOut } from '../api/session.ts';
import { connection } from '../api/socket.ts';
import { useStore } from '../api/store.ts';
import { VerdictDocument } from '../graphql/graphql.ts';
import { words } from '../parts/format.ts';
import { verdictTone } from '../parts/verdict.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { LoginPage } from './LoginPage.tsx';
import { pages } from './pages.ts';
import { Preferences } from './Preferences.tsx';
import { ShellKeys } from './ShellKeys.tsx';
import { Toaster } from './Toaster.tsx';
import { useFocusOnPage } from './useFocusOnPage.ts';
import { useLiveJobs } from './useLiveJobs.ts';
import { useLiveVerdict } from './useLiveVerdict.ts';
import classes from './Shell.module.css';

/** The frame around every page; without a session, the login page instead. */
export function Shell() {
  return useStore(signedOut) ? <LoginPage /> : <Frame />;
}

function Frame() {
  useLiveJobs();
  useLiveVerdict();
  const content = useFocusOnPage();
  const { state } = useStore(connection);
  return (
    <div className={classes['shell']}>
      <a className={classes['skip']} href="#content">
        Skip to the content
      </a>
      <aside className={classes['side']} aria-label="Outrider">
        <Link to="/" className={classes['brand']}>
          <img src="/icon.svg" alt="" width={26} height={26} />
          Outrider
        </Link>
        <nav className={classes['nav']} aria-label="Pages">
          {pages.map(({ to, label, Icon }) => (
            <Link key={to} to={to} className={classes['link']} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon size={18} aria-hidden />
              {label}
              {to === '/schema' && <VerdictDot />}
            </Link>
          ))}
        </nav>
        <ShellKeys />
        <Preferences />
      </aside>
      <div className={classes['body']}>
        <ConnectionBanner />
        <main ref={content} id="content" className={classes['main']} data-lost={state === 'lost' || undefined} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Toaster />
    </div>
  );
}

function VerdictDot() {
  const [{ data, error }] = useQuery({ query: VerdictDocument });
  const status = error ? undefined : data?.schemaHealth.status;
  if (!status) return null;
  return <span className={classes['dot']} data-tone={verdictTone[status]} role="img" aria-label={words(status)} title={words(status)} />;
}
