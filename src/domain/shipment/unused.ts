import type { UnusedLabel } from './commands.js';
import type { ShipmentEvent } from './events.js';

/** The labels that are not used after an event. The carrier may take one back that it refused, or said nothing of, before. */
export function unusedAfter(unused: readonly UnusedLabel[], { type, data }: ShipmentEvent): readonly UnusedLabel[] {
  switch (type) {
    case 'LabelVoidRequested':
      return unused.some(({ bookingId }) => bookingId === data.bookingId)
        ? unused
        : [...unused, { ...data, state: 'requested' }];
    case 'LabelVoided':
      return changed(unused, data.bookingId, ({ reason: _, ...label }) => ({ ...label, state: 'voided' }));
    case 'LabelVoidRefused':
      return changed(unused, data.bookingId, (label) =>
        label.state === 'requested' || label.state === 'lapsed'
          ? { ...label, state: 'refused', reason: data.reason }
          : label,
      );
    case 'LabelVoidLapsed':
      return changed(unused, data.bookingId, (label) =>
        label.state === 'requested' ? { ...label, state: 'lapsed' } : label,
      );
    default:
      return unused;
  }
}

const changed = (
  unused: readonly UnusedLabel[],
  bookingId: string,
  change: (label: UnusedLabel) => UnusedLabel,
): readonly UnusedLabel[] => unused.map((label) => (label.bookingId === bookingId ? change(label) : label));
