import { expect } from 'chai';
import { Outage } from '../../../src/subscriptions/outage.js';

describe('an outage in the log', () => {
  let now = 0;
  let lines: { readonly message: string; readonly fields: Record<string, unknown> | undefined }[] = [];
  const say = (message: string, fields?: Record<string, unknown>): void => void lines.push({ message, fields });
  const outage = () => new Outage({ error: say, warn: say, debug: say }, { runner: 'placing' }, () => now);

  beforeEach(() => {
    now = 0;
    lines = [];
  });

  it('is told of once a minute, however often it is tried again', () => {
    const it = outage();
    for (; now < 150_000; now += 1_000) it.failed('no lease', new Error('away'));
    expect(lines).to.deep.equal([
      { message: 'no lease', fields: { runner: 'placing', reason: 'Error: away' } },
      { message: 'no lease', fields: { runner: 'placing', reason: 'Error: away', failures: 61 } },
      { message: 'no lease', fields: { runner: 'placing', reason: 'Error: away', failures: 121 } },
    ]);
  });

  it('is over with one line, and nothing is said of what always worked', () => {
    const it = outage();
    it.over('it works again');
    it.failed('no lease', new Error('away'));
    now = 2_500;
    it.over('it works again');
    it.over('it works again');
    expect(lines.map(({ message }) => message)).to.deep.equal(['no lease', 'it works again']);
    expect(lines[1]?.fields).to.deep.equal({ runner: 'placing', afterMs: 2_500, failures: 1 });
  });

  it('that comes again is told of at once', () => {
    const it = outage();
    it.failed('no lease', new Error('away'));
    it.over('it works again');
    it.failed('no lease', new Error('away'));
    expect(lines).to.have.lengthOf(3);
  });
});
