import { SingleBar } from 'cli-progress';

/** Shows how far some work is; `step` tells that one more of `total` is done. */
export async function withBar<T>(label: string, total: number, work: (step: () => void) => Promise<T>): Promise<T> {
  const bar = new SingleBar({
    format: `${label.padEnd(24)} {bar} {value}/{total}  {duration} s`,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 2000,
  });
  bar.start(total, 0);
  try {
    return await work(() => bar.increment());
  } finally {
    bar.stop();
  }
}
