import { runMany } from './runMany.js';

// a stretch of seeds for `simulate`, which asked for it
const [from = '1', seeds = '0'] = process.argv.slice(2);
const summary = await runMany(Number(from), Number(seeds), (done) => process.send?.({ done }));
process.send?.({ summary });
process.disconnect?.();
