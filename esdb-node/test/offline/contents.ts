import { createHash } from 'node:crypto';
import { onLog } from './logs.js';

/** Everything that readers see of a log, in one hash. */
export const contents = async (folder: string): Promise<string> => {
  const hash = createHash('sha256');
  await onLog(folder, (log) => {
    for (const { bytes } of log.reader.all(0, 1_000_000, 'forwards')) hash.update(bytes);
    for (const stream of ['a', 'b', 'žluť', 'long'.repeat(300)]) {
      const view = log.reader.view(stream);
      hash.update(JSON.stringify(view));
      if (view.kind === 'there') {
        for (const { bytes } of log.reader.page(view, 0, 1_000_000, 'forwards')) hash.update(bytes);
      }
    }
    return Promise.resolve();
  });
  return hash.digest('hex');
};
