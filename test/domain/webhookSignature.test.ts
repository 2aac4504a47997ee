import { expect, test } from '@jest/globals';
import { newWebhookSecret, signatureHeaders } from '../../src/domain/webhookSignature.ts';

const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_999), body: '{"test": 2432232314}' };

test('the signature is the one that the standard gives as its example', () => {
  expect(signatureHeaders({ ...message, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test.each([['id', { id: 'msg_other' }], ['time', { at: new Date(0) }], ['body', { body: '{}' }], ['secret', { secret: 'another secret' }]])(
  'another %s has another signature',
  (_, change) => {
    const plain = { ...message, secret: 'a secret of its own' };
    expect(signatureHeaders({ ...plain, ...change })['webhook-signature']).not.toBe(signatureHeaders(plain)['webhook-signature']);
  },
);

test('every secret is another one, of 256 bits', () => {
  const [one, other] = [newWebhookSecret(), newWebhookSecret()];
  expect(one).not.toBe(other);
  expect(Buffer.from(one.replace('whsec_', ''), 'base64')).toHaveLength(32);
});
