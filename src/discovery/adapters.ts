import { Platform } from '../domain/enums.ts';
import type { PlatformAdapter } from './adapter.ts';
import { bluesky } from './platforms/bluesky.ts';
import { github } from './platforms/github.ts';
import { mastodon } from './platforms/mastodon.ts';
import { website } from './website/website.ts';

/** The platforms with an open door. */
const adapters: readonly PlatformAdapter[] = [website, bluesky, mastodon, github];

/** The platform's adapter; null where nothing but an import brings its profiles here. */
export function adapterOf(platform: Platform): PlatformAdapter | null {
  return adapters.find((adapter) => adapter.platform === platform) ?? null;
}
