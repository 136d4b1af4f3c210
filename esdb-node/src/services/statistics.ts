import { freemem, loadavg, totalmem } from 'node:os';

/** Statistics by name; a name's first part is its group: `proc-mem`, `sys-freeMem`, `es-writer-end`. */
export type Statistics = Readonly<Record<string, string | number>>;

/** What the log and its services count. */
export interface Counters {
  /** Where the next event goes. */
  end(): number;
}

const STARTED = new Date(Date.now() - process.uptime() * 1000).toISOString();

/** What the process, the machine and the node are like now. Sizes in bytes, times in milliseconds. */
export const statistics = (counters: Counters): Statistics => {
  const memory = process.memoryUsage();
  const usage = process.resourceUsage();
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    'proc-startTime': STARTED,
    'proc-id': process.pid,
    'proc-mem': memory.rss,
    'proc-cpu-user': usage.userCPUTime / 1000,
    'proc-cpu-system': usage.systemCPUTime / 1000,
    'proc-gc-heapTotal': memory.heapTotal,
    'proc-gc-heapUsed': memory.heapUsed,
    'proc-gc-external': memory.external,
    'proc-gc-arrayBuffers': memory.arrayBuffers,
    'proc-diskIo-readOps': usage.fsRead,
    'proc-diskIo-writeOps': usage.fsWrite,
    'proc-pageFaults-minor': usage.minorPageFault,
    'proc-pageFaults-major': usage.majorPageFault,
    'proc-contextSwitches-voluntary': usage.voluntaryContextSwitches,
    'proc-contextSwitches-involuntary': usage.involuntaryContextSwitches,
    'proc-upTime': Math.round(process.uptime() * 1000),
    'sys-loadavg-1m': one,
    'sys-loadavg-5m': five,
    'sys-loadavg-15m': fifteen,
    'sys-freeMem': freemem(),
    'sys-totalMem': totalmem(),
    'es-writer-end': counters.end(),
  };
};

/** The same as a tree: `proc-gc-heapUsed` is `proc.gc.heapUsed`. */
export const statisticsTree = (flat: Statistics): object => {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const path = name.split('-');
    const leaf = path.pop() as string;
    let at = tree;
    for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>;
    at[leaf] = value;
  }
  return tree;
};
