import type { Settings } from '../../domain/settings/index.js';

/** The settings of the house, held in memory. */
export interface CurrentSettings {
  /** What holds now; read from the store where memory does not know it yet, which may throw a system fault. */
  now(): Settings | Promise<Settings>;
}
