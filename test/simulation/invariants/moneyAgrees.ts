import type { RecordedEvent } from '../../../src/domain/events.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Each capture is recorded once; at rest what we recorded of each intent is what the provider's ledger says. */
export function moneyAgrees(): Invariant {
  const name = "captured less refunded is the provider's ledger";
  const captured = new Map<string, number>();
  const capture = ({ event, stream }: RecordedEvent): void => {
    if (event.type !== 'PaymentCaptured') return;
    const { intentId, amount } = event.data;
    if (captured.has(intentId)) throw new Violation(name, `${stream} captured ${intentId} twice`);
    captured.set(intentId, amount.amount);
  };
  return {
    name,
    stored: capture,
    atRest: ({ provider }: Installation) => {
      const charged = new Map<string, number>();
      for (const { kind, intentId, amount } of provider.ledger) {
        if (kind !== 'charge') continue;
        if (charged.has(intentId)) throw new Violation(name, `the provider charged ${intentId} twice`);
        charged.set(intentId, amount);
      }
      for (const intentId of new Set([...charged.keys(), ...captured.keys()])) {
        if (charged.get(intentId) === captured.get(intentId)) continue;
        const ours = captured.get(intentId) ?? 0;
        throw new Violation(name, `${intentId}: ${charged.get(intentId) ?? 0} at the provider, ${ours} recorded`);
      }
    },
  };
}
