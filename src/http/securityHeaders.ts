import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const own = ["'self'"];
const nobody = ["'none'"];

/**
 * What a browser may do with the pages: load and run what this server serves and nothing else, inside no other page.
 * Styles may be inline, because the components write theirs so. HTTPS is for whoever stands in front to demand.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: own,
        scriptSrc: own,
        scriptSrcAttr: nobody,
        styleSrc: [...own, "'unsafe-inline'"],
        imgSrc: [...own, 'data:'],
        connectSrc: own,
        objectSrc: nobody,
        baseUri: nobody,
        formAction: own,
        frameAncestors: nobody,
      },
    },
  });
}

/** The same headers, names and values in turn, for an answer that nothing else has a part in. */
export function plainSecurityHeaders(): string[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  securityHeaders()(request as never, response as never, () => {});
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
