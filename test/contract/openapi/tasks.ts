import { expect } from 'chai';
import { taskIdOf } from '../../../src/commands/identity.js';
import { taskStream } from '../../../src/domain/kernel/streams.js';
import { task } from '../../../src/domain/task/index.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { type Ask, byTest } from './ask.js';

/** A task that some process opened, and what people do about it. */
export async function seeToTasks(ask: Ask, api: TestApi): Promise<void> {
  const id = taskIdOf('dispute', 'dp_1');
  await api.executor.execute(
    task,
    taskStream(id),
    {
      type: 'OpenTask',
      task: {
        taskId: id,
        kind: 'dispute',
        about: {},
        text: 'the payer disputes it',
        openedAt: new Date().toISOString(),
      },
    },
    byTest(),
  );
  expect((await ask('listTasks', 200)).body.items).to.have.length(1);
  await ask('listTasks', 400, {}, { query: '?state=forgotten' });
  await ask('completeTask', 412, { id }, { headers: { 'if-match': '"r7"' } });
  const done = await ask('completeTask', 200, { id }, { body: { note: 'evidence sent' } });
  expect(done.body).to.deep.include({ state: 'done', kind: 'dispute' });
  await ask('completeTask', 404, { id: taskIdOf('dispute', 'dp_2') });
  expect((await ask('listTasks', 200)).body.items).to.deep.equal([]);
  expect((await ask('listTasks', 200, {}, { query: '?state=done&kind=dispute' })).body.items).to.have.length(1);
}
