/** A simulator in a process of its own, for tests that kill it: `simulatorProcess.ts <folder> <webhook url>`. Prints its address. */
import { startStripeSimulator } from '../../../src/embedded/stripe-simulator/index.js';
import { SECRET_KEY, WEBHOOK_SECRET, silent } from './rig.js';

const [dataFolder = '', webhookUrl = ''] = process.argv.slice(2);
const { url } = await startStripeSimulator({
  port: 0,
  dataFolder,
  webhookUrl,
  webhookSecret: WEBHOOK_SECRET,
  secretKey: SECRET_KEY,
  firstWebhookRetryMs: 20,
  log: silent,
});
process.stdout.write(`${url}\n`);
