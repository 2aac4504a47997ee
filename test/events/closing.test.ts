import { expect, test } from '@jest/globals';
import type { Broker } from '../../src/events/broker.ts';
import { BrokerEvents } from '../../src/events/brokerEvents.ts';
import { waitFor } from '../support/waitFor.ts';

test('closing while it connects does not wait for a connection that does not end', async () => {
  let open = () => {};
  let isEnding = false;
  const connection = {
    open: () => new Promise<void>((resolve) => (open = resolve)),
    listen: async () => {}, send: async () => {}, ping: async () => {},
    end: () => {
      isEnding = true;
      return new Promise<void>(() => {});
    },
  };
  const broker: Broker = { kind: 'redis', name: 'a broker', variable: 'EVENTS_URL', connect: async () => connection, isRefusal: () => false };
  const events = new BrokerEvents({ broker, log: { info: () => {}, warn: () => {} } });
  events.subscribe('jobs', () => {});
  const opening = open;
  await waitFor(() => open !== opening);

  const closed = events.close();
  open();
  await closed;
  expect(isEnding).toBe(true);
});
