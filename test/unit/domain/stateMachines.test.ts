import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { orderArrows, paymentArrows, shipmentArrows } from '../../support/stateMachines/arrows.js';
import { stateMachines } from '../../support/stateMachines/document.js';

const page = readFileSync(new URL('../../../docs/state-machines.md', import.meta.url), 'utf8');

describe('the page of state machines', () => {
  it('shows what the deciders do: npm run diagrams draws it anew', () => {
    expect(page).to.equal(stateMachines());
  });

  const machines: readonly (readonly [string, Readonly<Record<string, readonly string[]>>])[] = [
    ['Order', orderArrows],
    ['Payment', paymentArrows],
    ['Shipment', shipmentArrows],
  ];
  for (const [name, arrows] of machines) {
    it(`leaves out no way that a random walk may go: ${name}`, () => {
      const [, drawing = ''] = page.split(`\n## ${name}\n`);
      const [machine = ''] = drawing.split('\n## ');
      const wanted = Object.entries(arrows).flatMap(([from, ends]) =>
        ends.map((to) => `${from === 'none' ? '[*]' : from} --> ${to}`),
      );
      const drawn = machine.split('\n').map((line) => line.trim().split(':', 1)[0]);
      expect(drawn).to.include.members(wanted);
    });
  }
});
