import { nats } from '../support/broker.ts';
import { describeBroker } from './support.ts';

describeBroker(nats);
