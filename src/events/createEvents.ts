import type { Broker } from './broker.ts';
import { BrokerEvents, type BrokerEventsOptions } from './brokerEvents.ts';
import type { MonitoredEvents } from './events.ts';
import { natsBroker } from './natsBroker.ts';
import { postgresBroker } from './postgresBroker.ts';
import { redisBroker } from './redisBroker.ts';

export interface EventsOptions extends Omit<BrokerEventsOptions, 'broker'> {
  /** postgresql://… */
  databaseUrl: string;
  /** redis://…, rediss://…, nats://… or tls://…; postgresql://… of the same database where `databaseUrl` leads through a pooler; without it `databaseUrl` */
  eventsUrl?: string | undefined;
}

/** Events between all processes that are given the same URLs. Connects at its first use, and never gives up. */
export function createEvents({ databaseUrl, eventsUrl, ...options }: EventsOptions): MonitoredEvents {
  return new BrokerEvents({ ...options, broker: brokerOf(databaseUrl, eventsUrl) });
}

function brokerOf(databaseUrl: string, eventsUrl: string | undefined): Broker {
  if (eventsUrl === undefined) return postgresBroker(databaseUrl);
  if (/^postgres(ql)?:/.test(eventsUrl)) return postgresBroker(eventsUrl, 'EVENTS_URL');
  return /^rediss?:/.test(eventsUrl) ? redisBroker(eventsUrl) : natsBroker(eventsUrl);
}
