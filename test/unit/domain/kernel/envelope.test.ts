import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type EventMeta, MetadataCodec } from '../../../../src/domain/kernel/envelope.js';
import { at } from '../../../support/fixtures.js';

const meta: EventMeta = {
  v: 1,
  at,
  commandId: 'c',
  correlationId: 'k',
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
};

describe('the envelope of an event', () => {
  it('stores correlation and causation under the names that EventStoreDB knows', () => {
    const stored = MetadataCodec.encode(meta);
    expect(stored).to.include({ $correlationId: 'k', $causationId: null });
    expect(stored).not.to.have.any.keys('correlationId', 'causationId');
  });

  it('reads back as it was, with and without what need not be there', () => {
    const full: EventMeta = {
      ...meta,
      causationId: 'e',
      actor: { kind: 'staff', id: 's', via: 'pos' },
      reason: 'why',
      location: 'main',
      traceparent: '00-aa-bb-01',
      keyHash: 'kh',
      bodyHash: 'bh',
    };
    for (const one of [meta, full]) {
      const stored: unknown = JSON.parse(JSON.stringify(MetadataCodec.encode(one)));
      expect(MetadataCodec.decode(stored)).to.deep.equal(E.right(one));
    }
  });

  it('is not read without an actor, or with one that nobody is', () => {
    const { actor: _actor, ...without } = MetadataCodec.encode(meta);
    expect(E.isLeft(MetadataCodec.decode(without))).to.equal(true);
    expect(E.isLeft(MetadataCodec.decode({ ...without, actor: { kind: 'nobody', id: 'x' } }))).to.equal(true);
  });
});
