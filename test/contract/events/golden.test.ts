import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { decodeDomainEvent } from '../../../src/domain/events.js';
import type { EncodedEvent } from '../../../src/domain/kernel/eventCodec.js';
import { location } from '../../../src/domain/location/index.js';
import { offer } from '../../../src/domain/offer/index.js';
import { order } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { pickupCounter } from '../../../src/domain/pickup/index.js';
import { settings } from '../../../src/domain/settings/index.js';
import { shipment } from '../../../src/domain/shipment/index.js';
import { stock } from '../../../src/domain/stock/index.js';
import { task } from '../../../src/domain/task/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';

/** A version of an event as it was once stored. Such a file is never changed and never deleted: events are read for ever. */
interface Golden {
  readonly type: string;
  readonly v: number;
  readonly examples: readonly unknown[];
}

const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder);
const goldens = files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden] as const);

/** The present version of each event type, by way of the codec that writes it. */
const versions = new Map<string, number>(
  [order, payment, stock, ticket, pickupCounter, shipment, offer, location, settings, task].flatMap(({ codec }) =>
    codec.types.map(
      (type) => [type, (codec.encode as (event: unknown) => EncodedEvent)({ type, data: {} }).v] as const,
    ),
  ),
);

describe('every event that was ever stored', () => {
  for (const [type, v] of versions) {
    for (let version = 1; version <= v; version++) {
      it(`${type}, version ${version}, has a golden file`, () => {
        expect(files).to.include(`${type}.v${version}.json`);
      });
    }
  }

  for (const [file, { type, v, examples }] of goldens) {
    it(`${file} is read`, () => {
      expect(file).to.equal(`${type}.v${v}.json`);
      expect(examples).not.to.be.empty;
      for (const data of examples) {
        const decoded = decodeDomainEvent({ type, v, data });
        if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
        // a present version is read as it stands; how an old one is lifted is for its upcaster's own test to say
        if (v === versions.get(type)) expect(decoded.right).to.deep.equal({ type, data });
      }
    });

    it(`${file} is read with a member that we do not know yet`, () => {
      const [data] = examples as [object];
      expect(E.isRight(decodeDomainEvent({ type, v, data: { ...data, addedLater: true } }))).to.equal(true);
    });
  }
});

describe('an event that cannot be read is a typed result', () => {
  it('of a type that nobody defines', () => {
    expect(decodeDomainEvent({ type: 'OrderTeleported', v: 1, data: {} })).to.deep.equal(
      E.left({ _tag: 'UnknownEventType', type: 'OrderTeleported' }),
    );
  });

  it('of a version that is newer than ours, or none', () => {
    for (const v of [2, 0]) {
      expect(decodeDomainEvent({ type: 'StockDepleted', v, data: {} })).to.deep.equal(
        E.left({ _tag: 'UnknownEventVersion', type: 'StockDepleted', v }),
      );
    }
  });

  for (const [file, { type, v }] of goldens.filter(
    ([, { type }]) =>
      !['StockDepleted', 'OfferPublished', 'OrderingResumed', 'OfferResumed', 'OfferRetired'].includes(type),
  )) {
    it(`of ${file} without its data`, () => {
      const decoded = decodeDomainEvent({ type, v, data: {} });
      if (E.isRight(decoded)) throw new Error('it was read');
      expect(decoded.left).to.deep.include({ _tag: 'InvalidEventData', type, v });
    });
  }
});
