import { writeFileSync } from 'node:fs';
import { stateMachines } from './document.js';

writeFileSync(new URL('../../../docs/state-machines.md', import.meta.url), stateMachines());
