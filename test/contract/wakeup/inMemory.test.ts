import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { wakeUpContract } from './contract.js';

wakeUpContract('in memory', () => Promise.resolve(inMemoryWakeUp()));
