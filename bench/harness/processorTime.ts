import { readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** Megabytes of memory that a process holds (VmRSS); NaN where there is no /proc. */
export function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** Microseconds of processor time that a process has used so far; 0 where there is no /proc. */
export function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1e6;
  } catch {
    return 0;
  }
}
