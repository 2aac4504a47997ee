import { stopServer } from './server.ts';

export default function globalTeardown(): Promise<void> {
  return stopServer();
}
