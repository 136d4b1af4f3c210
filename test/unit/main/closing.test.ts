import { expect } from 'chai';
import { Closing } from '../../../src/main/closing.js';
import { keptLog } from '../../support/projections.js';

const never = (): Promise<void> => new Promise(() => undefined);

describe('closing what was opened', () => {
  let log: ReturnType<typeof keptLog>;
  let closing: Closing;
  let closed: string[];
  beforeEach(() => {
    log = keptLog();
    closing = new Closing(log as unknown as ConstructorParameters<typeof Closing>[0]);
    closed = [];
  });
  const close = (name: string) => (): void => void closed.push(name);
  const warnings = (): readonly string[] =>
    log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  it('ends work before the queues in the database, those before connections, and lets go of what is claimed last', async () => {
    closing.add('claims', 'data folder', close('data folder'));
    closing.add('connections', 'database', close('database'));
    closing.add('queues', 'broker', close('broker'));
    closing.add('work', 'requests', close('requests'));
    expect(await closing.run()).to.deep.equal([]);
    expect(closed).to.deep.equal(['requests', 'broker', 'database', 'data folder']);
  });

  it('waits for nobody within a stage', async () => {
    let timersBegan: () => void = () => undefined;
    const began = new Promise<void>((resolve) => (timersBegan = resolve));
    // either would wait for ever if the other had to end first
    closing.add('work', 'requests', () => began.then(close('requests')));
    closing.add('work', 'timers', () => {
      timersBegan();
      closed.push('timers');
    });
    await closing.run();
    expect(closed).to.have.members(['requests', 'timers']);
  });

  it('goes on without what is stuck, and names it', async () => {
    closing.add('work', 'consumers', never, 20);
    closing.add('work', 'requests', close('requests'));
    closing.add('connections', 'database', never, 10);
    closing.add('claims', 'data folder', close('data folder'));
    expect(await closing.run()).to.deep.equal(['consumers', 'database']);
    expect(closed).to.deep.equal(['requests', 'data folder']);
    expect(warnings()).to.deep.equal([
      'consumers did not close within 0.02 s and is left as it is',
      'database did not close within 0.01 s and is left as it is',
    ]);
  });

  it('goes on after what fails, and names it', async () => {
    closing.add('work', 'timers', () => Promise.reject(new Error('odd')));
    closing.add('queues', 'broker', () => {
      throw new Error('odd, too');
    });
    closing.add('connections', 'database', close('database'));
    expect(await closing.run()).to.deep.equal(['timers', 'broker']);
    expect(closed).to.deep.equal(['database']);
    expect(warnings()).to.deep.equal(['timers did not close cleanly', 'broker did not close cleanly']);
  });

  it('closes nothing twice', async () => {
    closing.add('work', 'timers', close('timers'));
    await closing.run();
    await closing.run();
    expect(closed).to.deep.equal(['timers']);
  });
});
