import { Command, InvalidArgumentError } from 'commander';
import { createExecutor } from '../../commands/executor/createExecutor.js';
import { systemClock } from '../core.js';
import {
  type Day,
  dayBook,
  type Finding,
  findings,
  type ReconciliationParts,
  relatedBy,
} from '../../processes/index.js';
import { DEFAULT_SETTINGS } from '../../domain/settings/index.js';
import { joinPayment, openPayment } from '../components/payment.js';
import { keptSecret } from '../dataFolder.js';
import { reconciled } from '../reconciliation.js';
import { StartupError } from '../startupError.js';
import { type Installation, withInstallation } from './connect.js';
import { counted, short, table } from './output.js';
import { dayBookTable, isBalanced } from './reconcileDay.js';

const BALANCED = 0;
const DIFFERENCES = 1;
const FAULT = 2;
const DAY_MS = 24 * 60 * 60_000;

/** `comanda reconcile`: shows what the payment provider, the orders and the stock do not agree about; changes nothing. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description(
      "compare the provider's payments, refunds and disputes of the last days with ours, and look for orders, reservations and webhooks that nobody cares for; ends with 0 when everything balances, 1 when not, 2 when it could not be found out",
    )
    .option(
      '--day <date>',
      'the payments and refunds that the provider made on that day alone, from midnight to midnight UTC (such as 2024-05-04), each side added up',
      day,
    )
    .action(async ({ day: wanted }: { readonly day?: Day }) => {
      process.exitCode = await withInstallation(async (installation) => {
        const parts = await partsOf(installation);
        return wanted === undefined ? reportAll(parts) : reportDay(parts, wanted);
      }).catch((error: unknown) => {
        if (!(error instanceof StartupError)) throw error;
        console.error(`comanda reconcile: ${error.message}`);
        return FAULT;
      });
    });
}

async function reportAll(parts: ReconciliationParts): Promise<number> {
  const now = systemClock.now();
  const since = new Date(Date.parse(now) - 8 * DAY_MS).toISOString();
  const found: Finding[] = [];
  for await (const finding of findings(parts, 'day', now)) found.push(finding);
  if (found.length === 0) {
    console.log(`Everything since ${since.slice(0, 10)} balances.`);
    return BALANCED;
  }
  return printed(found);
}

async function reportDay(parts: ReconciliationParts, wanted: Day): Promise<number> {
  const book = await dayBook(parts, wanted);
  const { begins, ends } = wanted;
  console.log(`What the provider made from ${begins} until ${ends} (a day of UTC), and what Comanda recorded of it:`);
  console.log(book.rows.length === 0 ? 'Nothing was paid, and nothing went back.' : dayBookTable(book));
  if (isBalanced(book)) {
    console.log(`${begins.slice(0, 10)} balances.`);
    return BALANCED;
  }
  return printed(book.findings);
}

function printed(found: readonly Finding[]): number {
  console.log(
    table(
      ['About', 'What does not agree', 'Mended by'],
      found.map(({ about, text, mend, again, refund }) => [
        about.paymentId ?? about.orderId ?? about.sku ?? '',
        short(text, 90),
        mend?.command.type ?? again?.recorded.event.type ?? (refund ? 'asking the provider for it' : 'somebody'),
      ]),
    ),
  );
  console.log(`${counted(found.length, 'thing does', 'things do')} not agree.`);
  return DIFFERENCES;
}

async function partsOf(installation: Installation): Promise<ReconciliationParts> {
  const { eventStore } = await installation.store();
  const executor = createExecutor({ eventStore, random: Math.random });
  const lists = await provider(installation);
  return {
    ...reconciled(lists, installation.database.database, eventStore, systemClock),
    related: relatedBy(executor, { now: () => DEFAULT_SETTINGS }, systemClock),
  };
}

/** The provider that Comanda uses: Stripe, or the simulator, started for as long as it takes where no Comanda runs. */
async function provider({ config, log, closing, alone }: Installation) {
  const secret = config.secret ?? (await keptSecret(config.dataFolder));
  if (!alone) return joinPayment(config, secret);
  const payment = await openPayment(config, secret, `http://127.0.0.1:${config.port}/v1/webhooks/stripe`, log);
  closing.add('connections', 'payment', () => payment.stop());
  return payment.provider;
}

function day(text: string): Day {
  const at = new Date(`${text}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text)) {
    throw new InvalidArgumentError('a day, such as 2024-05-04');
  }
  return { begins: at.toISOString(), ends: new Date(at.getTime() + DAY_MS).toISOString() };
}
