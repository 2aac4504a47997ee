import { lazy } from 'react';
import type { SettingsTab } from './search.ts';

/** The sections of the page, each read when somebody looks at it. */
export const sections = {
  sending: { label: 'Sending', Section: lazy(async () => ({ default: (await import('./sending/SendingSection.tsx')).SendingSection })) },
  'follow-ups': { label: 'Follow-ups', Section: lazy(async () => ({ default: (await import('./followUps/FollowUpSection.tsx')).FollowUpSection })) },
  'language-model': { label: 'Language model', Section: lazy(async () => ({ default: (await import('./languageModel/LanguageModelSection.tsx')).LanguageModelSection })) },
  templates: { label: 'Templates', Section: lazy(async () => ({ default: (await import('./templates/TemplateSection.tsx')).TemplateSection })) },
  discovery: { label: 'Discovery', Section: lazy(async () => ({ default: (await import('./discovery/DiscoverySection.tsx')).DiscoverySection })) },
  webhooks: { label: 'Webhooks', Section: lazy(async () => ({ default: (await import('./webhooks/WebhookSection.tsx')).WebhookSection })) },
  'api-keys': { label: 'API keys', Section: lazy(async () => ({ default: (await import('./apiKeys/ApiKeySection.tsx')).ApiKeySection })) },
  'saved-filters': { label: 'Saved filters', Section: lazy(async () => ({ default: (await import('./savedFilters/SavedFilterSection.tsx')).SavedFilterSection })) },
  about: { label: 'About', Section: lazy(async () => ({ default: (await import('./about/AboutSection.tsx')).AboutSection })) },
} as const satisfies Record<SettingsTab, { label: string; Section: React.ComponentType }>;
