import 'graphiql/style.css';
import './style.css';
import { GraphiQL } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './createFetcher.ts';
import { defaultTabs } from './defaultTabs.ts';
import { readKnown } from './readKnown.ts';
import { storage } from './storage.ts';

const path = '/graphql';
const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element #root.');

const fetcher = createFetcher(path);
const tabs = defaultTabs(await readKnown(path));

createRoot(element).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} storage={storage} defaultTabs={tabs} inputValueDeprecation showPersistHeadersSettings={false} defaultEditorToolsVisibility="variables">
      <GraphiQL.Logo>
        <a className="graphiql-logo-link" href="/">
          Outrider
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  </StrictMode>,
);
