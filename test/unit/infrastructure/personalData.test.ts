import { expect } from 'chai';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { inMemorySubjectKeys } from '../../support/inMemory/ports.js';

const ada = { name: 'Ada', email: 'ada@example.com' };
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('Personal data', () => {
  const keys = inMemorySubjectKeys();
  const people = personalData(keys, 'a secret of this suite');
  beforeEach(() => keys.kept.clear());

  it('is opened by whoever has the key, and holds nothing in clear', async () => {
    const sealed = await people.seal('ord_1', 'contact', ada);
    expect(await people.open(sealed, 'contact')).to.deep.equal(ada);
    expect(Buffer.from(sealed.split(':')[2] ?? '', 'base64url').toString('latin1')).not.to.contain('ada');
  });

  it('is sealed to the same text when it is the same, and to another one for anybody else', async () => {
    const sealed = await people.seal('ord_1', 'contact', ada);
    expect(await people.seal('ord_1', 'contact', { email: ada.email, name: ada.name })).to.equal(sealed);
    expect(await people.seal('ord_1', 'contact', { ...ada, name: 'Adb' })).not.to.equal(sealed);
    const [, , body] = (await people.seal('ord_2', 'contact', ada)).split(':');
    expect(body).not.to.equal(sealed.split(':')[2]);
  });

  it('is gone with its key, also when the person comes back', async () => {
    const sealed = await people.seal('ord_1', 'contact', ada);
    keys.kept.delete('ord_1');
    expect(await people.open(sealed, 'contact')).to.equal(undefined);
    await people.seal('ord_1', 'contact', ada);
    expect(await failure(people.open(sealed, 'contact'))).to.be.instanceOf(Error);
  });

  it('opens nowhere but in its place: not as another field, for another person, or altered', async () => {
    const sealed = await people.seal('ord_1', 'contact', ada);
    await people.seal('ord_2', 'contact', ada);
    const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    const elsewhere = [
      people.open(sealed, 'address'),
      people.open(sealed.replace('ord_1', 'ord_2') as Sealed, 'contact'),
      people.open(altered as Sealed, 'contact'),
      people.open('ada@example.com' as Sealed, 'contact'),
    ];
    for (const opened of elsewhere) expect(await failure(opened)).to.be.instanceOf(Error);
  });

  it('says so when the keys were kept under another secret', async () => {
    const sealed = await people.seal('ord_1', 'contact', ada);
    const stranger = personalData(keys, 'another secret');
    expect(await failure(stranger.open(sealed, 'contact'))).to.match(/another secret/);
    expect(await failure(stranger.seal('ord_1', 'contact', ada))).to.match(/another secret/);
  });
});
