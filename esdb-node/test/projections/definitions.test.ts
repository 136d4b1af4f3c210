import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { DEFINITIONS, categoryOf } from '../../src/projections/definitions.js';
import type { Emission } from '../../src/projections/definitions.js';
import type { RecordedEvent } from '../../src/protocol/recorded.js';
import { TOMBSTONE } from '../../src/protocol/recorded.js';

const event = (about: Partial<RecordedEvent>): RecordedEvent => ({
  id: randomUUID(),
  stream: 'order-1',
  revision: 1,
  position: 100,
  type: 'OrderPlaced',
  contentType: 'application/json',
  created: 0,
  customMetadata: Buffer.alloc(0),
  data: Buffer.from('{}'),
  ...about,
});
const emitted = (name: string, about: Partial<RecordedEvent>): Emission | undefined =>
  DEFINITIONS.find((definition) => definition.name === name)?.emit(event(about));
const briefly = (emission: Emission | undefined): string | undefined =>
  emission && `${emission.stream} ${emission.type} ${emission.data}`;
const softDelete = {
  stream: '$$order-1',
  revision: 4,
  type: '$metadata',
  data: Buffer.from('{"$tb":9223372036854775807}'),
};

describe('what the system projections write', () => {
  it('is nothing for their own links, or they would never end', () => {
    const links: Partial<RecordedEvent>[] = [
      { stream: '$ce-order', revision: 0, type: '$>', data: Buffer.from('0@order-1') },
      { stream: '$et-OrderPlaced', revision: 0, type: '$>', data: Buffer.from('0@order-1') },
      { stream: '$streams', revision: 0, type: '$>', data: Buffer.from('0@order-1') },
      { stream: '$bc-1', revision: 0, type: '$>', customMetadata: Buffer.from('{"$correlationId":"1"}') },
    ];
    for (const link of links) {
      for (const { name } of DEFINITIONS) expect(emitted(name, link), `${name} of ${link.stream}`).to.equal(undefined);
    }
  });

  it('only goes to streams that they say are theirs', () => {
    const about = { revision: 0, customMetadata: Buffer.from('{"$correlationId":"c"}') };
    for (const { name, owns, emit } of DEFINITIONS) {
      const { stream } = emit(event(about)) ?? {};
      expect(stream !== undefined && owns(stream), `${name}: ${stream}`).to.equal(true);
    }
  });

  it('links a category by what stands before the first dash', () => {
    expect(briefly(emitted('$by_category', {}))).to.equal('$ce-order $> 1@order-1');
    expect(categoryOf('a-b-c')).to.equal('a');
    for (const stream of ['order', '-1', '$order-1', '$$order-1']) expect(categoryOf(stream)).to.equal(undefined);
  });

  it('links the target of a link that lies in a stream of the category', () => {
    const link = { type: '$>', data: Buffer.from('7@other-2') };
    expect(briefly(emitted('$by_category', link))).to.equal('$ce-order $> 7@other-2');
  });

  it('tells of deletions, soft ones by the metadata that says so', () => {
    const tombstone = { revision: TOMBSTONE, type: '$streamDeleted' };
    expect(briefly(emitted('$by_category', tombstone))).to.equal('$ce-order $> 9223372036854775807@order-1');
    expect(briefly(emitted('$by_category', softDelete))).to.equal('$ce-order $> 4@$$order-1');
    expect(briefly(emitted('$by_event_type', tombstone))).to.equal('$et-$deleted $> 9223372036854775807@order-1');
    expect(briefly(emitted('$by_event_type', softDelete))).to.equal('$et-$deleted $> 4@order-1');
    const other = { ...softDelete, data: Buffer.from('{"$tb":3}') };
    expect(emitted('$by_category', other)).to.equal(undefined);
  });

  it('tells of a stream once, with its first event', () => {
    expect(briefly(emitted('$streams', { revision: 0 }))).to.equal('$streams $> 0@order-1');
    expect(briefly(emitted('$stream_by_category', { revision: 0 }))).to.equal('$category-order $@ order-1');
    expect(emitted('$streams', { revision: 1 })).to.equal(undefined);
    expect(emitted('$stream_by_category', { revision: 1 })).to.equal(undefined);
  });

  it('links a correlation that is a text in metadata that is JSON', () => {
    const correlated = (metadata: string): Emission | undefined =>
      emitted('$by_correlation_id', { customMetadata: Buffer.from(metadata) });
    expect(briefly(correlated('{"$correlationId":"c1"}'))).to.equal('$bc-c1 $> 1@order-1');
    for (const none of ['', '{}', 'null', '7', 'no json', '{"$correlationId":7}', '{"$correlationId":""}']) {
      expect(correlated(none), none).to.equal(undefined);
    }
  });
});
