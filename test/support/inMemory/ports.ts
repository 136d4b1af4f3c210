import * as E from 'fp-ts/lib/Either.js';
import type { CarrierSignatures } from '../../../src/api/ports/carrierSignatures.js';
import type { ApiLog } from '../../../src/api/ports/log.js';
import type { Asked, Parked, ParkedEvent } from '../../../src/api/ports/parked.js';
import type { ReceivedWebhook, WebhookInbox, WebhookVerification } from '../../../src/api/ports/webhookInbox.js';
import type { DeadLetter, DeadLetters } from '../../../src/consumers/ports/deadLetters.js';
import type { IdempotencyClaim, IdempotencyClaims } from '../../../src/commands/ports/idempotencyClaims.js';
import type { SubjectKeys } from '../../../src/infrastructure/crypto/ports/subjectKeys.js';

/** Claims of Idempotency-Keys in a map. */
export function inMemoryClaims(): IdempotencyClaims & { readonly size: () => number } {
  const claims = new Map<string, { readonly bodyHash: string; uses: number }>();
  const nameOf = ({ principal, route, keyHash }: IdempotencyClaim) => JSON.stringify([principal, route, keyHash]);
  return {
    size: () => claims.size,
    claim: ({ bodyHash, ...key }) => {
      const name = nameOf({ bodyHash, ...key });
      const known = claims.get(name);
      if (known === undefined || known.uses === 0) {
        claims.set(name, { bodyHash, uses: 1 });
        return Promise.resolve('claimed');
      }
      if (known.bodyHash !== bodyHash) return Promise.resolve('other');
      known.uses += 1;
      return Promise.resolve('same');
    },
    release: (claim) => {
      const known = claims.get(nameOf(claim));
      if (known?.bodyHash !== claim.bodyHash) return Promise.resolve('held');
      known.uses = Math.max(0, known.uses - 1);
      return Promise.resolve(known.uses === 0 ? 'free' : 'held');
    },
  };
}

/** Keys of people in a map; whose key is deleted is erased. */
export function inMemorySubjectKeys(): SubjectKeys & { readonly kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  return {
    kept,
    find: (subject) => Promise.resolve(kept.get(subject)),
    keep: (subject, wrapped) => {
      if (!kept.has(subject)) kept.set(subject, wrapped);
      return Promise.resolve(kept.get(subject) ?? wrapped);
    },
  };
}

/** A provider whose signature is the word `good`. */
export const wordVerification: WebhookVerification = {
  verify: (rawBody, signature) =>
    signature === 'good'
      ? E.right({ provider: 'stripe', eventId: 'evt_1', eventType: 'test', body: rawBody.toString('utf8') })
      : E.left({ _tag: 'BadSignature' }),
};

/** One carrier, whose signature is the word `good`. */
export const wordCarriers: CarrierSignatures = {
  check: (carrier, _, signature) => (carrier !== 'post' ? 'unknown-carrier' : signature === 'good' ? 'good' : 'bad'),
};

export function inMemoryInbox(): WebhookInbox & { readonly stored: ReceivedWebhook[] } {
  const stored: ReceivedWebhook[] = [];
  return {
    stored,
    store: (webhook) => {
      if (stored.some(({ eventId }) => eventId === webhook.eventId)) return Promise.resolve('known');
      stored.push(webhook);
      return Promise.resolve('stored');
    },
  };
}

/** Parked events as a list; what is asked of them is done at once. */
export function inMemoryParked(): Parked & { readonly events: ParkedEvent[] } {
  const events: ParkedEvent[] = [];
  const remove = (gone: readonly ParkedEvent[]): Asked => {
    for (const event of gone) events.splice(events.indexOf(event), 1);
    return { _tag: 'Asked', events: gone };
  };
  const withItsStream = (id: string): ParkedEvent[] | undefined => {
    const event = events.find((candidate) => candidate.id === id);
    return event && events.filter(({ runner, stream }) => runner === event.runner && stream === event.stream);
  };
  const ofRunner = (runner: string | undefined) =>
    events.filter((one) => runner === undefined || one.runner === runner);
  return {
    events,
    list: ({ runner, limit, after }) =>
      Promise.resolve(
        ofRunner(runner).slice(after === undefined ? 0 : events.findIndex(({ id }) => id === after) + 1, limit),
      ),
    find: (id) => Promise.resolve(events.find((candidate) => candidate.id === id)),
    counts: () =>
      Promise.resolve(events.length === 0 ? [] : [{ runner: 'placing', events: events.length, streams: 1 }]),
    retry: (id) => {
      const together = withItsStream(id);
      return Promise.resolve(together ? remove(together) : { _tag: 'NoSuchParkedEvent' });
    },
    retryAll: (runner) => {
      const all = ofRunner(runner);
      remove(all);
      return Promise.resolve(all);
    },
    discard: (id, following) => {
      const together = withItsStream(id);
      if (!together) return Promise.resolve({ _tag: 'NoSuchParkedEvent' });
      const [first] = together;
      if (!following && first && first.id !== id) return Promise.resolve({ _tag: 'NotTheFirst', first: first.id });
      return Promise.resolve(
        remove(following ? together.slice(together.findIndex((one) => one.id === id)) : together.slice(0, 1)),
      );
    },
  };
}

/** A broker's dead letters as a list. */
export function inMemoryDeadLetters(queues: readonly string[]): DeadLetters & { readonly letters: DeadLetter[] } {
  const letters: DeadLetter[] = [];
  const take = (queue: string, id?: string): Promise<number> => {
    const gone = letters.filter((letter) => letter.queue === queue && (id === undefined || letter.id === id));
    for (const letter of gone) letters.splice(letters.indexOf(letter), 1);
    return Promise.resolve(gone.length);
  };
  const of = (queue: string) => letters.filter((letter) => letter.queue === queue);
  return {
    letters,
    queues: () => Promise.resolve(queues),
    list: (queue, limit) => Promise.resolve(of(queue).slice(0, limit)),
    count: (queue) => Promise.resolve(of(queue).length),
    retry: take,
    discard: take,
    purge: (queue) => take(queue),
  };
}

/** A log that is kept, so that a test can see what an operator would. */
export function keptLog(): ApiLog & { readonly lines: { level: string; message: string; fields: unknown }[] } {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const write = (level: string) => (message: string, fields: unknown) => void lines.push({ level, message, fields });
  return { lines, error: write('error'), warn: write('warn') };
}
