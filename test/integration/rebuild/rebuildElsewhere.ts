/** Rebuilds the order view over a log of so many orders, slowly, and says how far it is. Usage: URL ORDERS */
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { rebuild } from '../../../src/projections/rebuild/rebuild.js';
import { MemoryLog } from '../../support/projections.js';
import { fill, orderViewOver } from './ground.js';

const [url = '', orders = ''] = process.argv.slice(2);
const log = new MemoryLog();
fill(log, Number(orders));
await rebuild({
  what: orderViewOver(log),
  database: openPostgres({ url }),
  feed: log,
  reader: log,
  owner: `process ${process.pid}`,
  park: false,
  rate: 100,
  signal: new AbortController().signal,
  progress: (_read, position) => console.log(`AT ${position}`),
});
