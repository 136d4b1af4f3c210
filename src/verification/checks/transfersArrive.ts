import { type Check, NOTHING } from '../check.js';

/** Units that left one location for another are there, all of them and once. */
export const transfersArrive: Check = {
  name: 'transfers-arrive',
  rule: 'what one location sent another took in, and nothing that nobody sent',
  begin: () => {
    const sent = new Map<string, { readonly where: string; readonly qty: number; readonly position: bigint }>();
    const taken = new Map<string, { readonly where: string; readonly qty: number }>();
    return {
      change: ({ recorded: { event, stream, position } }) => {
        if (event.type === 'TransferredOut') {
          const { transferId, qty } = event.data;
          sent.set(transferId, { where: stream, qty, position });
        }
        if (event.type !== 'TransferredIn') return NOTHING;
        const { transferId, qty } = event.data;
        const twice = taken.has(transferId);
        taken.set(transferId, { where: stream, qty });
        return twice ? [{ where: stream, text: `took transfer ${transferId} in twice` }] : NOTHING;
      },
      *end(world) {
        for (const [id, { where, qty, position }] of sent) {
          const there = taken.get(id);
          if (there ? there.qty === qty : !world.settled({ position })) continue;
          const text = `sent ${qty} by transfer ${id}, of which ${there?.qty ?? 0} arrived`;
          yield { where, text, expected: qty, found: there?.qty ?? 0 };
        }
        for (const [id, { where }] of taken) {
          if (!sent.has(id)) yield { where, text: `took transfer ${id} in, which nobody sent` };
        }
      },
    };
  },
};
