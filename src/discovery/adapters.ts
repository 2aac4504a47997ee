import { Platform } from '../domain/enums.ts';
import type { PlatformAdapter } from './adapter.ts';

/** The platforms with an open door. */
const adapters: readonly PlatformAdapter[] = [];

/** The platform's adapter; null where nothing but an import brings its profiles here. */
export function adapterOf(platform: Platform): PlatformAdapter | null {
  return adapters.find((adapter) => adapter.platform === platform) ?? null;
}
