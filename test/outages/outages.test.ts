import { expect } from 'chai';
import type { Outage } from './outage.js';
import { type Ran, runOutages } from './run.js';

const FOR_MS = 2_000;

/** One of each kind; `npm run outages` tries every kind on every part, and for as long as one likes. */
const OUTAGES: readonly Outage[] = [
  { part: 'postgres', kind: 'frozen', forMs: FOR_MS },
  { part: 'redis', kind: 'frozen', forMs: FOR_MS },
  { part: 'broker', kind: 'cut', forMs: FOR_MS },
  { part: 'event store', kind: 'killed', forMs: FOR_MS },
  { part: 'postgres', kind: 'lost', forMs: FOR_MS },
  { part: 'event store', kind: 'slowed', forMs: FOR_MS },
  { part: 'redis', kind: 'stopped', forMs: FOR_MS },
];

describe('Comanda while what it stands on fails, one part after the other', function () {
  this.timeout(900_000);
  let ran: Ran;

  before(async () => {
    ran = await runOutages(OUTAGES);
  });

  it('answers commands as long as the event store does, says what is silent, and catches up by itself', () => {
    expect(ran.failure, ran.log.slice(-4_000)).to.equal(undefined);
    expect(ran.seen).to.have.length(OUTAGES.length);
  });

  it('turns commands away only while the event store is gone', () => {
    const turnedAway = ran.seen.filter(({ refused }) => refused > 0).map(({ part }) => part);
    expect(turnedAway).to.deep.equal(['event store']);
  });

  it('does not hold on to what it could not get rid of meanwhile', () => {
    expect(Math.max(...ran.seen.map(({ memoryMiB }) => memoryMiB))).to.be.lessThan(600);
  });
});
