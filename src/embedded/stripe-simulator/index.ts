export { SimulatorFolderUnusable, SimulatorPortTaken } from './errors.js';
export type { Script } from './script.js';
export { type SimulatorOptions, type StripeSimulator, startStripeSimulator } from './simulator.js';
