import { Store } from './store.ts';

/** True once the server has answered that it does not know us; a new key reloads the page. */
export const signedOut = new Store(false);

/**
 * Exchanges an API key for the session cookie.
 * @returns null when it worked, else what is wrong and what to do
 */
export async function signIn(key: string): Promise<string | null> {
  try {
    const response = await fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: key }),
    });
    if (response.ok) return null;
    switch (response.status) {
      case 400:
      case 401:
      case 403:
        return 'The server does not know this key. It may have ended, or a part of it is missing.';
      case 429:
        return `Too many attempts. Wait ${waitOf(response)}, then try again.`;
      case 503:
        return 'The database does not answer, so that the key cannot be checked. The address that the server printed works without it.';
      default:
        return `The server could not check the key (HTTP ${response.status}). Try again in a moment.`;
    }
  } catch {
    return 'The server does not answer. Is it running? Your key is still here: try again.';
  }
}

/** Takes the session cookie back. @returns whether the server answered */
export async function signOut(): Promise<boolean> {
  try {
    return (await fetch('/logout', { method: 'POST' })).ok;
  } catch {
    return false;
  }
}

function waitOf({ headers }: Response): string {
  const seconds = Number(headers.get('retry-after'));
  return seconds > 0 ? `${seconds} s` : 'a minute';
}
