import type { Kysely } from 'kysely';
import type { WorkerContext } from '../workerContext.ts';
import { claimDeliveries, giveBack, type ClaimedDelivery } from './claimDeliveries.ts';
import { endAttempt } from './endAttempt.ts';
import { postDelivery } from './postDelivery.ts';

const atOnce = 20;
const perWebhook = 4;

/** Tells webhooks what happened; any number of processes share the work. */
export class WebhookSender {
  readonly #context: Pick<WorkerContext, 'em' | 'log' | 'stopping' | 'outreach'>;
  readonly #timeoutMs: number;
  readonly #inHand = new Map<ClaimedDelivery, Promise<void>>();
  readonly #breakingOff = new AbortController();

  constructor(context: Pick<WorkerContext, 'em' | 'log' | 'stopping' | 'outreach'>, timeoutMs = 10_000) {
    this.#context = context;
    this.#timeoutMs = timeoutMs;
  }

  /** Takes what is due, up to what this process can have in hand, and does not wait for its end. */
  async send(): Promise<void> {
    const { em, stopping } = this.#context;
    const limit = atOnce - this.#inHand.size;
    if (limit <= 0 || stopping.aborted) return;
    const claimed = await claimDeliveries(em().getKysely() as Kysely<any>, { limit, perWebhook, inHand: this.#counts() });
    for (const delivery of claimed) {
      this.#inHand.set(delivery, this.#deliver(delivery).finally(() => this.#inHand.delete(delivery)));
    }
  }

  /** Once nothing is in hand. */
  async settled(): Promise<void> {
    await Promise.all(this.#inHand.values());
  }

  /** Breaks off what is in hand; another process has it at once. */
  async breakOff(): Promise<void> {
    this.#breakingOff.abort();
    await this.settled();
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { em, log, outreach } = this.#context;
    const { signal } = this.#breakingOff;
    const outcome = await postDelivery(delivery, { timeoutMs: this.#timeoutMs, signal, allowedHosts: outreach.webhooks.allowedHosts });
    try {
      if (signal.aborted && outcome.status === null) await giveBack(em().getKysely() as Kysely<any>, delivery);
      else await endAttempt(em(), delivery, outcome);
    } catch (error) {
      // Its lease ends, and it is tried again: the receiver knows it by its id.
      log.warn({ err: error, delivery: delivery.id }, 'how a webhook delivery ended could not be written down');
    }
  }

  #counts(): Map<string, number> {
    const byWebhook = Map.groupBy(this.#inHand.keys(), ({ webhookId }) => webhookId);
    return new Map([...byWebhook].map(([webhookId, inHand]) => [webhookId, inHand.length]));
  }
}
