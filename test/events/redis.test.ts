import { redis } from '../support/broker.ts';
import { describeBroker } from './support.ts';

describeBroker(redis);
