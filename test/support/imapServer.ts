import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

interface StoredMail {
  uid: number;
  raw: Buffer;
  at: Date;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number) => String(value).padStart(2, '0');
const internalDate = (at: Date) =>
  `${pad(at.getUTCDate())}-${months[at.getUTCMonth()]}-${at.getUTCFullYear()} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())} +0000`;

/** A mail server with one folder, INBOX, as far as a reader asks: enough of IMAP4rev1 for imapflow. */
export class ImapServer {
  uidValidity = 7;
  /** commands as they came, passwords left out */
  readonly commands: string[] = [];
  refusesLogins = false;
  /** breaks the connection off when this UID is fetched */
  breaksAt: number | null = null;
  /** another client marks the first mail as read while one is fetched */
  changesFlags = false;
  /** bytes that it announces for every mail, and goes on sending */
  floodsWith = 0;
  readonly #mails: StoredMail[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #nextUid = 1;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<ImapServer> {
    const server = new ImapServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `imap://me%40outrider.example:pass%20word@127.0.0.1:${(this.#server.address() as AddressInfo).port}/INBOX`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  deliver(raw: string | Buffer, at = new Date()): number {
    const uid = this.#nextUid;
    this.#nextUid += 1;
    this.#mails.push({ uid, raw: Buffer.from(raw), at });
    return uid;
  }

  /** As after a restore of the mailbox: the same mails under other UIDs. */
  renumber(): void {
    this.uidValidity += 1;
    for (const mail of this.#mails) {
      mail.uid = this.#nextUid;
      this.#nextUid += 1;
    }
  }

  breakConnections(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async stop(): Promise<void> {
    this.breakConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    socket.write('* OK ready\r\n');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        this.#answer(socket, line);
      }
    });
  }

  #answer(socket: Socket, line: string): void {
    const [tag = '', ...words] = line.split(' ');
    const isUid = words[0]?.toUpperCase() === 'UID';
    const command = (isUid ? words.slice(0, 2).join(' ') : (words[0] ?? '')).toUpperCase();
    const rest = words.slice(isUid ? 2 : 1).join(' ');
    this.commands.push(command === 'LOGIN' ? command : `${command} ${rest}`.trim());
    const reply = (...lines: (string | Buffer)[]) => lines.forEach((part) => socket.write(part));
    switch (command) {
      case 'CAPABILITY':
        reply('* CAPABILITY IMAP4rev1\r\n', `${tag} OK\r\n`);
        break;
      case 'LOGIN':
        reply(this.refusesLogins ? `${tag} NO [AUTHENTICATIONFAILED] wrong password\r\n` : `${tag} OK [CAPABILITY IMAP4rev1] welcome\r\n`);
        break;
      case 'LIST':
        reply(`* LIST (\\HasNoChildren) "/" ${rest.includes('INBOX') ? 'INBOX' : '""'}\r\n`, `${tag} OK\r\n`);
        break;
      case 'EXAMINE':
        reply(
          `* ${this.#mails.length} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY ${this.uidValidity}] valid\r\n`,
          `* OK [UIDNEXT ${this.#nextUid}] next\r\n${tag} OK [READ-ONLY] opened\r\n`,
        );
        break;
      case 'UID SEARCH':
        reply(`* SEARCH${this.#search(rest).map((uid) => ` ${uid}`).join('')}\r\n`, `${tag} OK\r\n`);
        break;
      case 'UID FETCH':
        this.#fetch(socket, tag, rest);
        break;
      case 'LOGOUT':
        reply('* BYE\r\n', `${tag} OK\r\n`);
        socket.end();
        break;
      case 'NOOP':
      case 'NAMESPACE':
      case 'ID':
        reply(`${tag} OK\r\n`);
        break;
      default:
        reply(`${tag} BAD ${command} is unknown here\r\n`);
    }
  }

  #search(criteria: string): number[] {
    const from = Number(/UID (\d+):\*/i.exec(criteria)?.[1] ?? 1);
    const day = /SINCE "?(\d{1,2}-\w{3}-\d{4})/i.exec(criteria)?.[1];
    const since = day && Date.parse(`${day} 00:00:00 UTC`);
    const last = this.#mails.at(-1)?.uid;
    // `n:*` names the last one whatever n is (RFC 9051).
    return this.#mails.filter(({ uid, at }) => (uid >= from || uid === last) && (!since || at.getTime() >= since)).map(({ uid }) => uid);
  }

  #fetch(socket: Socket, tag: string, rest: string): void {
    const uid = Number(rest.split(' ')[0]);
    const index = this.#mails.findIndex((mail) => mail.uid === uid);
    const mail = this.#mails[index];
    if (uid === this.breaksAt) {
      socket.destroy();
      return;
    }
    if (this.floodsWith > 0) {
      socket.write(`* 1 FETCH (UID ${uid} BODY[]<0> {${this.floodsWith}}\r\n`);
      const flood = () => void (socket.destroyed || socket.write(Buffer.alloc(65_536, 'x'), flood));
      flood();
      return;
    }
    if (this.changesFlags) socket.write(`* 1 FETCH (UID ${this.#mails[0]!.uid} FLAGS (\\Seen))\r\n`);
    if (mail) {
      const limit = Number(/<0\.(\d+)>/.exec(rest)?.[1] ?? mail.raw.length);
      const part = mail.raw.subarray(0, limit);
      socket.write(`* ${index + 1} FETCH (UID ${uid} INTERNALDATE "${internalDate(mail.at)}" BODY[]<0> {${part.length}}\r\n`);
      socket.write(part);
      socket.write(')\r\n');
    }
    socket.write(`${tag} OK\r\n`);
  }
}
