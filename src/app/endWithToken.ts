import type { RequestHandler } from 'express';
import { credentialsOf } from '../http/credentials.ts';
import type { Access } from '../http/requireActor.ts';

/** What takes its time over HTTP, and the tokens that opened it. */
export interface OpenWithTokens {
  /** follows a request until its answer is over */
  follow: RequestHandler;
  /** Breaks off what was opened by a token that opens nothing any more; where nobody can say, it goes on. */
  check(): void;
}

/** A key ends at once what it has opened, as it does on sockets: a file that comes or goes may take hours. */
export function endWithToken({ authenticator, origin }: Access): OpenWithTokens {
  const open = new Set<() => Promise<void>>();
  return {
    follow(request, response, next) {
      const { token } = credentialsOf(request, origin);
      const check = () => authenticator.identify(token).then((identity) => void (identity ?? request.socket.destroy()), () => {});
      open.add(check);
      // Whoever left meanwhile closes it no more.
      if (response.closed) open.delete(check);
      else response.once('close', () => open.delete(check));
      next();
    },
    check() {
      for (const check of open) void check();
    },
  };
}
