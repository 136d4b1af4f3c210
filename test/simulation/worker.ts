import { runMany } from './runMany.js';
import type { FromWorker, ToWorker } from './workers.js';

// stretches of seeds for `workers`, which asks for one after the other and disconnects when there are no more
const tell = (message: FromWorker): void => void process.send?.(message);
process.on('message', ({ from, seeds }: ToWorker) => {
  runMany(from, seeds, (done) => tell({ done })).then(
    (summary) => tell({ summary }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
