import { expect } from 'chai';
import { createProcesses, PROCESS_NAMES, type ProcessParts } from '../../../src/processes/index.js';

describe('the names of the processes', () => {
  it('are those of every process that runs always, so that nobody waits for less or for more', () => {
    // nothing of these is touched before a process runs
    const parts = { simulateKitchen: false } as unknown as ProcessParts;
    expect(createProcesses(parts).reactors.map(({ name }) => name)).to.deep.equal(PROCESS_NAMES);
  });
});
