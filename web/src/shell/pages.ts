import {
  IconDatabaseHeart, IconFileText, IconLayoutDashboard, IconListCheck, IconMail, IconSettings, IconUsers, type TablerIcon,
} from '@tabler/icons-react';

/** A page that the navigation leads to, and the letter after G that does too. */
interface NavigationPage {
  to: '/' | '/prospects' | '/drafts' | '/messages' | '/jobs' | '/schema' | '/settings';
  label: string;
  key: string;
  Icon: TablerIcon;
}

export const pages: readonly NavigationPage[] = [
  { to: '/', label: 'Overview', key: 'o', Icon: IconLayoutDashboard },
  { to: '/prospects', label: 'Prospects', key: 'p', Icon: IconUsers },
  { to: '/drafts', label: 'Drafts', key: 'd', Icon: IconFileText },
  { to: '/messages', label: 'Messages', key: 'm', Icon: IconMail },
  { to: '/jobs', label: 'Jobs', key: 'j', Icon: IconListCheck },
  { to: '/schema', label: 'Schema health', key: 's', Icon: IconDatabaseHeart },
  { to: '/settings', label: 'Settings', key: 'e', Icon: IconSettings },
];
