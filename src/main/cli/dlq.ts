import { Command, InvalidArgumentError } from 'commander';
import { deadLetterTools, type DeadLetterTools } from '../../consumers/deadLetters.js';
import type { DeadLetter } from '../../consumers/ports/deadLetters.js';
import { StartupError } from '../startupError.js';
import { withInstallation } from './connect.js';
import { confirmLoss, counted, short, table } from './output.js';

const LIST_LIMIT = 100;
const REASON_WIDTH = 60;

/** `comanda dlq`: messages that a consumer gave up, on whichever broker the installation has. */
export function dlqCommand(): Command {
  const dlq = new Command('dlq').description('dead letters: messages that a consumer gave up');
  dlq
    .command('list')
    .description('show the dead letters of every queue, or of one')
    .argument('[queue]')
    .option('--limit <n>', 'how many of a queue at most', positive, LIST_LIMIT)
    .action((queue: string | undefined, { limit }: { limit: number }) =>
      withDeadLetters((letters) => list(letters, queue, limit)),
    );
  dlq
    .command('show')
    .description('show one dead letter with its message')
    .argument('<queue>')
    .argument('<id>')
    .action((queue: string, id: string) => withDeadLetters((letters) => show(letters, queue, id)));
  dlq
    .command('retry')
    .description('put a dead letter (or all) back on its own queue, as a first attempt')
    .argument('<queue>')
    .argument('[id]')
    .option('--all', 'all of the queue')
    .action((queue: string, id: string | undefined, { all }: { all?: boolean }) =>
      withDeadLetters((letters) => retry(letters, queue, oneOrAll(id, all))),
    );
  dlq
    .command('discard')
    .description('drop a dead letter (or all) for good')
    .argument('<queue>')
    .argument('[id]')
    .option('--all', 'all of the queue')
    .option('--yes', 'do not ask')
    .action((queue: string, id: string | undefined, { all, yes }: { all?: boolean; yes?: boolean }) =>
      withDeadLetters((letters) => discard(letters, queue, oneOrAll(id, all), yes)),
    );
  return dlq;
}

const withDeadLetters = (work: (letters: DeadLetterTools) => Promise<void>): Promise<void> =>
  withInstallation(async ({ broker }) => work(deadLetterTools((await broker()).deadLetters)));

async function list(letters: DeadLetterTools, queue: string | undefined, limit: number): Promise<void> {
  const counts = await countsOf(letters, queue);
  let total = 0;
  for (const { queue: name, count } of counts) {
    if (count === 0) continue;
    total += count;
    const { items: shown } = await letters.page([name], limit);
    console.log(`${name}: ${counted(count, 'dead letter')}${count > shown.length ? `, the oldest ${limit}` : ''}`);
    console.log(table(['id', 'type', 'subject', 'attempts', 'given up', 'reason'], shown.map(row)));
  }
  if (total === 0) console.log(`No dead letters (looked in ${counts.map((one) => one.queue).join(', ')}).`);
}

const row = ({ id, message, attempts, deadAt, reason }: DeadLetter): readonly (string | number)[] => [
  id,
  message?.type ?? 'unreadable',
  message?.subject ?? '',
  attempts,
  deadAt,
  short(reason, REASON_WIDTH),
];

async function show(letters: DeadLetterTools, queue: string, id: string): Promise<void> {
  const letter = await find(letters, queue, id);
  const facts = { queue, id, attempts: letter.attempts, 'given up': letter.deadAt, reason: letter.reason };
  for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(10)} ${value}`);
  console.log(letter.message === undefined ? letter.body : JSON.stringify(letter.message, undefined, 2));
}

async function retry(letters: DeadLetterTools, queue: string, id: string | undefined): Promise<void> {
  await known(letters, queue);
  const count = await letters.retry(queue, id);
  if (count === 0 && id !== undefined) throw noSuchLetter(queue, id);
  console.log(`Put ${counted(count, 'message')} back on ${queue}.`);
}

async function discard(
  letters: DeadLetterTools,
  queue: string,
  id: string | undefined,
  yes: boolean | undefined,
): Promise<void> {
  if (id === undefined) {
    const [{ count } = { count: 0 }] = await countsOf(letters, queue);
    if (count === 0) return console.log(`No dead letters in ${queue}.`);
    await confirmLoss(`${queue} will never work ${counted(count, 'message')} that it gave up.`, yes);
    return console.log(`Discarded ${counted(await letters.discard(queue), 'message')}.`);
  }
  const { message } = await find(letters, queue, id);
  const what = message ? `${message.type} of ${message.subject}` : 'an unreadable message';
  await confirmLoss(`${queue} will never work ${what} (${id}).`, yes);
  console.log(`Discarded ${counted(await letters.discard(queue, id), 'message')}.`);
}

async function find(letters: DeadLetterTools, queue: string, id: string): Promise<DeadLetter> {
  const letter = await letters.find(await known(letters, queue), id);
  if (!letter) throw noSuchLetter(queue, id);
  return letter;
}

async function countsOf(letters: DeadLetterTools, queue: string | undefined) {
  if (queue === undefined) return await letters.counts();
  await known(letters, queue);
  return (await letters.counts()).filter((one) => one.queue === queue);
}

async function known(letters: DeadLetterTools, queue: string): Promise<string> {
  const queues = await letters.queues();
  if (queues.includes(queue)) return queue;
  throw new StartupError(`there is no queue ${queue}: the queues are ${queues.join(', ')}`);
}

const noSuchLetter = (queue: string, id: string) =>
  new StartupError(`${queue} has no dead letter ${id}: see comanda dlq list ${queue}`);

function oneOrAll(id: string | undefined, all: boolean | undefined): string | undefined {
  if ((id === undefined) === (all === undefined)) throw new StartupError('name one id, or say --all');
  return id;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}
