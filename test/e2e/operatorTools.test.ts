import { expect } from 'chai';
import { QUEUES } from '../../src/main/queues.js';
import { type Comanda, place, run, startComanda } from './support/comanda.js';

describe("the operator's commands on embedded components", function () {
  this.timeout(900_000);
  let environment: Readonly<Record<string, string>>;
  let dispose: () => Promise<void>;
  let comanda: Comanda | undefined;

  before(async () => {
    ({ environment, dispose } = await place());
  });
  after(async () => {
    await comanda?.stop();
    await dispose();
  });

  const deadLetters = async () => {
    const command = run(['dlq', 'list'], environment);
    const code = await command.exit;
    return { code, said: command.printed() + command.complained() };
  };
  const none = {
    code: 0,
    said: `No dead letters (looked in ${QUEUES.map(({ queue }) => queue).join(', ')}).\n`,
  };

  it('join a Comanda that runs, stand in for one that does not, and clean up after one that was killed', async () => {
    comanda = await startComanda(environment);
    expect(await deadLetters()).to.deep.equal(none);
    await comanda.stop();
    expect(await deadLetters()).to.deep.equal(none);
    comanda = await startComanda(environment);
    await comanda.kill();
    expect(await deadLetters()).to.deep.equal(none);
    comanda = await startComanda(environment);
  });

  it('name the folder in which no Comanda ever ran', async () => {
    const command = run(['dlq', 'list'], { ...environment, COMANDA_DATA: '/nowhere/at/all' });
    expect(await command.exit).to.equal(1);
    expect(command.complained()).to.include('COMANDA_DATA: there is no folder /nowhere/at/all');
  });
});
