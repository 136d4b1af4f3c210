#!/usr/bin/env node
import { Command } from 'commander';
import { dlqCommand } from './cli/dlq.js';
import { parkedCommand } from './cli/parked.js';
import { projectionsCommand } from './cli/projections.js';
import { reconcileCommand } from './cli/reconcile.js';
import { verifyCommand } from './cli/verify.js';
import { createLogger } from '../infrastructure/telemetry/logger.js';
import { simulatorKeys, startSimulator } from './components/payment.js';
import { readConfig, readRoles } from './config.js';
import { claimDataFolder } from './dataFolder.js';
import { onStopSignal } from './signals.js';
import { start, version } from './start.js';
import { StartupError } from './startupError.js';

/** More than all parts together may take to close: only a process that is stuck itself takes longer. */
const STOP_WITHIN_MS = 20_000;

const program = new Command('comanda')
  .description(
    'An event-sourced order backend for shops and restaurants. Configuration: environment variables, see README.md.',
  )
  .version(version());

program
  .command('start', { isDefault: true })
  .description('start Comanda, all roles in one process unless --roles says otherwise')
  .option('--roles <list>', 'some of api, projections, processes, consumers, separated by commas')
  .action(async ({ roles }: { roles?: string }) => {
    const config = readConfig(process.env);
    const running = start(config, readRoles(roles, config));
    stopOnSignal(async () => (await running).stop());
    await running;
  });

program
  .command('stripe-simulator')
  .description(
    'run the Stripe simulator alone: STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_SIMULATOR_PORT, COMANDA_DATA',
  )
  .option('--webhook-url <url>', 'where signed webhooks go', 'http://127.0.0.1:8080/v1/webhooks/stripe')
  .action(async ({ webhookUrl }: { webhookUrl: string }) => {
    const config = readConfig({ ...process.env, STRIPE_SECRET_KEY: undefined });
    const folder = await claimDataFolder(config.dataFolder);
    const standard = simulatorKeys('stripe simulator');
    const keys = {
      secretKey: process.env['STRIPE_SECRET_KEY'] ?? standard.secretKey,
      webhookSecret: config.stripe.webhookSecret ?? standard.webhookSecret,
      webhookUrl,
    };
    const simulator = await startSimulator({ ...config, dataFolder: folder.path }, keys, createLogger(config.logLevel));
    stopOnSignal(async () => {
      await simulator.stop();
      return [];
    });
    console.log(
      [
        `The Stripe simulator is ready at ${simulator.url}; webhooks go to ${webhookUrl}. For Comanda:`,
        `  STRIPE_API_BASE=${simulator.url}`,
        `  STRIPE_SECRET_KEY=${simulator.secretKey}`,
        `  STRIPE_WEBHOOK_SECRET=${simulator.webhookSecret}`,
      ].join('\n'),
    );
  });

program.addCommand(dlqCommand());
program.addCommand(parkedCommand());
program.addCommand(projectionsCommand());
program.addCommand(verifyCommand());
program.addCommand(reconcileCommand());

/**
 * Ctrl-C and SIGTERM stop it in order; a second one, or a stop that takes too long, ends it at once. It ends with 0 when
 * everything came to its end, else with 1, and says what did not.
 */
function stopOnSignal(stop: () => Promise<readonly string[]>): void {
  onStopSignal(
    () => {
      console.log('Stopping …');
      const from = performance.now();
      setTimeout(() => {
        console.error(`comanda: not stopped within ${STOP_WITHIN_MS / 1_000} s; ended as it is`);
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      stop().then(
        (left) => {
          const seconds = ((performance.now() - from) / 1_000).toFixed(1);
          if (left.length > 0) console.error(`comanda: stopped after ${seconds} s; not finished: ${left.join(', ')}`);
          process.exit(left.length > 0 ? 1 : 0);
        },
        () => process.exit(1), // the start's own failure says why
      );
    },
    () => process.exit(1),
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(`comanda: ${error.message}`);
  process.exit(1);
}
