// The least that a broadcast costs: ws alone, which sends the body of each POST to every socket. Nobody is asked who they are.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.end();
  for (const client of sockets.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(body);
  }
});
const sockets = new WebSocketServer({ server });
server.listen(Number(process.env.PORT), '127.0.0.1');
