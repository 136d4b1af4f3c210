import { install } from './installation.js';
import { type Outage, type Seen, undergo } from './outage.js';
import { Requests } from './requests.js';
import { fillShelf, startShoppers } from './shoppers.js';

/** A run in which one outage follows another. */
export interface Ran {
  readonly seen: readonly Seen[];
  /** What the run ended with before its time, or what `comanda verify` found at the end; undefined: all is well. */
  readonly failure: string | undefined;
  /** What Comanda has printed to its log. */
  readonly log: string;
}

const SHOPPER_EVERY_MS = 1_000;

/**
 * Starts one Comanda and lets every outage happen to it, one after the other; nothing is started anew in between but the
 * part itself.
 * @param tell hears of each outage as soon as everything has caught up
 */
export async function runOutages(
  outages: readonly Outage[],
  tell: (seen: Seen) => void = () => undefined,
): Promise<Ran> {
  const installation = await install();
  const { comanda } = installation;
  const log = (): string => `${comanda.printed()}${comanda.complained()}`;
  const requests = new Requests(comanda.url);
  const seen: Seen[] = [];
  try {
    await fillShelf(requests);
    const shoppers = startShoppers(requests, SHOPPER_EVERY_MS);
    try {
      for (const outage of outages) {
        try {
          const one = await undergo(installation, outage, requests, shoppers);
          seen.push(one);
          tell(one);
        } catch (error) {
          return { seen, failure: `${outage.part} ${outage.kind}: ${String(error)}`, log: log() };
        }
      }
    } finally {
      await shoppers.close();
    }
    return { seen, failure: await installation.verify(), log: log() };
  } finally {
    await installation.stop();
  }
}
