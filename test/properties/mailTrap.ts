import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One conversation, byte for byte as the client spoke. */
export interface Conversation {
  /** command lines, without their CRLF */
  commands: string[];
  /** what came between DATA and the lone dot, dots as they were stuffed; each octet a character */
  data: string;
}

export interface MailTrap {
  url: string;
  conversations: Conversation[];
  close(): Promise<void>;
}

/** A mail server that says yes to everything, keeps the octets of each conversation apart, and takes the first lone dot for the end. */
export async function openMailTrap(): Promise<MailTrap> {
  const conversations: Conversation[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const conversation: Conversation = { commands: [], data: '' };
    let input = '';
    let isText = false;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.write('220 trap\r\n');
    socket.on('data', (piece) => {
      input += piece.toString('latin1');
      for (;;) {
        const end = input.indexOf(isText ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const taken = input.slice(0, end + (isText ? 2 : 0));
        input = input.slice(end + (isText ? 5 : 2));
        if (isText) {
          conversation.data = taken;
          conversations.push(conversation);
          isText = false;
          socket.write('250 taken\r\n');
          continue;
        }
        conversation.commands.push(taken);
        isText = taken.toUpperCase() === 'DATA';
        socket.write(isText ? '354 go on\r\n' : taken.toUpperCase() === 'QUIT' ? '221 bye\r\n' : '250 yes\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    conversations,
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
