import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { representTask, task, type TaskCommand, type TaskEvent } from '../../../../src/domain/task/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { anOrder, at, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';

const opened = {
  taskId: idOf('task', 1),
  kind: 'hold',
  about: { orderId: anOrder },
  text: 'the order is held: a strange order',
  openedAt: at,
  dueAt: later,
} as const;
const histories = {
  none: [],
  open: [{ type: 'TaskOpened', data: opened }],
  done: [
    { type: 'TaskOpened', data: opened },
    { type: 'TaskDone', data: { by: 'admin/local', at: later } },
  ],
} as const satisfies Record<string, readonly TaskEvent[]>;
const commands: { readonly [Type in TaskCommand['type']]: Extract<TaskCommand, { type: Type }> } = {
  OpenTask: { type: 'OpenTask', task: opened },
  CompleteTask: { type: 'CompleteTask', by: 'admin/local', at: later, note: 'called the customer' },
};

describe('a task, every command in every state', () => {
  decisionTable(task, histories, commands, {
    OpenTask: everywhere(histories)('nothing', { none: 'TaskOpened' }),
    CompleteTask: everywhere(histories)('nothing', { none: '!NotFound', open: 'TaskDone' }),
  });
});

describe('a task', () => {
  it('is done by who saw to it, with what was done, and stays so', () => {
    const done = specificationOf(task)(histories.open)
      .when(commands.CompleteTask)
      .then([{ type: 'TaskDone', data: { by: 'admin/local', at: later, note: 'called the customer' } }]);
    const { taskId: id, ...shown } = opened;
    expect(representTask(done, 1)).to.deep.equal({
      id,
      ...shown,
      state: 'done',
      revision: 1,
      done: { by: 'admin/local', at: later, note: 'called the customer' },
    });
  });

  it('is nothing to be shown before it is opened', () => {
    expect(representTask(fold(task, task.initial, []), -1)).to.equal(undefined);
  });
});
