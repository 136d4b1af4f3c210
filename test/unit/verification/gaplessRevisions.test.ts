import { expect } from 'chai';
import { pickupCounterStream } from '../../../src/domain/kernel/streams.js';
import type { FeedItem } from '../../../src/subscriptions/feed/feedItem.js';
import { gaplessRevisions } from '../../../src/verification/checks/gaplessRevisions.js';
import { main } from '../../support/fixtures.js';

describe('the check of gapless revisions', () => {
  const said = (stream: string, revision: number, known: number): number => {
    const { item } = gaplessRevisions.begin();
    return [...(item?.({ stream, revision } as FeedItem, known) ?? [])].length;
  };
  const counter = pickupCounterStream(main, '2024-05-04');

  it('takes the last event of a counter that was deleted for all that the store keeps of it', () => {
    expect(said(counter, 56, -1)).to.equal(0);
    expect(said('ticket-1', 56, -1)).to.equal(1);
  });

  it('misses what is missing in between', () => {
    expect(said(counter, 58, 56)).to.equal(1);
    expect(said(counter, 57, 56)).to.equal(0);
  });
});
