import { serveSite } from '../../discovery/support.ts';

/** An address that the website names, of somebody who wants no mail. */
export const siteAddress = 'info@acme.example';

/** A website without profiles, for the operations that search. */
export const site = await serveSite((request, response) => {
  if (request.url === '/robots.txt') response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Acme</title><a href="mailto:${siteAddress}">mail</a>`);
});
