import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { approveRefund } from '../../../src/commands/payment/decideRefund.js';
import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { payment } from '../../../src/domain/payment/index.js';
import { aPayment } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { aRefund, commands, wish } from '../domain/payment/histories.js';
import { fresh } from './harness.js';
import { context } from './tally.js';

const stream = paymentStream(aPayment);

describe('letting a refund go', () => {
  it('goes by the amount alone, whatever the process that is asked remembers of the payment', async () => {
    const eventStore = new InMemoryEventStore();
    const [here, elsewhere] = [1, 2].map(() => createExecutor({ eventStore, random: () => 0 }));
    if (!here || !elsewhere) throw new Error('there are two');
    await here.execute(payment, stream, commands.OpenPayment, context(fresh('open')));
    // what follows happens in another process
    for (const type of ['AttachSession', 'RecordProviderState', 'RequestRefund'] as const) {
      await elsewhere.execute(payment, stream, commands[type], context(fresh(type)));
    }
    const approver = { kind: 'staff', id: wish.requestedBy } as const;
    const approved = await approveRefund(
      here,
      aPayment,
      { refundId: aRefund, secondPersonAbove: 500 },
      context(fresh('approve'), { actor: approver }),
    );
    expect(approved).to.have.property('_tag', 'Right');
    expect(eventStore.events(stream).at(-1)?.type).to.equal('RefundApproved');
  });
});
