import { Page } from '../../parts/Page.tsx';

export function MessagesPage() {
  return <Page title="Messages">{null}</Page>;
}
