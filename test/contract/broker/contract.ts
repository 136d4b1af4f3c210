import { consuming } from './contract/consuming.js';
import { deadLetters } from './contract/deadLetters.js';
import { brokerFixture } from './contract/fixture.js';
import type { Harness } from './contract/fixture.js';
import { messageFaults } from './contract/messageFaults.js';
import { outages } from './contract/outages.js';
import { publishing } from './contract/publishing.js';
import { systemFaults } from './contract/systemFaults.js';

/** What both brokers promise; every adapter of the ports runs all of it, on real servers. */
export const brokerContract = (name: string, prepare: () => Promise<Harness>): void => {
  describe(`the broker, ${name}`, () => {
    const fixture = brokerFixture(prepare);
    publishing(fixture);
    consuming(fixture);
    messageFaults(fixture);
    deadLetters(fixture);
    systemFaults(fixture);
    outages(fixture);
  });
};
