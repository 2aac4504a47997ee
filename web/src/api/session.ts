import { Store } from './store.ts';

/** True once the server has answered that it does not know us; a new key reloads the page. */
export const signedOut = new Store(false);

/**
 * Exchanges an API key for the session cookie.
 * @returns null when it worked, else one sentence that says why not
 */
export async function signIn(key: string): Promise<string | null> {
  try {
    const response = await fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: key }),
    });
    if (response.ok) return null;
    if (response.status === 401 || response.status === 403) return 'The server does not know this key.';
    if (response.status === 429) return 'Too many attempts. Wait a minute, then try again.';
    return `The server could not check the key (HTTP ${response.status}).`;
  } catch {
    return 'The server does not answer. Is it running?';
  }
}
