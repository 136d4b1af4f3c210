import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { stateMachines } from '../../support/stateMachines/document.js';

describe('the page of state machines', () => {
  it('shows what the deciders do: npm run diagrams draws it anew', () => {
    const page = readFileSync(new URL('../../../docs/state-machines.md', import.meta.url), 'utf8');
    expect(page).to.equal(stateMachines());
  });
});
