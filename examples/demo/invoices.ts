import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** What the demo sells: one offer for each stock code and price. */
export interface DemoOffer {
  readonly sku: string;
  readonly name: string;
  readonly pence: number;
  /** All units of it that the morning's orders ask for. */
  units: number;
}

export interface DemoOrder {
  readonly invoice: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A row, or a whole invoice, that becomes no order, and why. */
export interface SetAside {
  readonly invoice: string;
  readonly code: string;
  readonly why: string;
}

/** One morning, sorted into what can be ordered and what cannot. Nothing is dropped without a word. */
export interface Morning {
  readonly offers: readonly DemoOffer[];
  readonly orders: readonly DemoOrder[];
  readonly setAside: readonly SetAside[];
  /** Cancellations of orders that came before this morning: nothing to match them with. */
  readonly unmatched: readonly string[];
}

interface Row {
  readonly InvoiceNo: string;
  readonly StockCode: string;
  readonly Description: string;
  readonly Quantity: string;
  readonly UnitPrice: string;
}

/** Codes of the shop's books that stand for no goods: postage, discount, carriage, manual entry. */
const NO_GOODS = new Set(['POST', 'D', 'C2', 'M', 'DOT', 'BANK CHARGES']);

/** Reads the invoices of a file of the Online Retail data set; prices in pounds become integer pence. */
export async function readMorning(file: string): Promise<Morning> {
  const rows: readonly Row[] = parse(await readFile(file), { columns: true, bom: true, skip_empty_lines: true });
  const offers = new Map<string, DemoOffer>();
  const orders = new Map<string, { sku: string; quantity: number }[]>();
  const setAside: SetAside[] = [];
  const unmatched = new Set<string>();

  for (const row of rows) {
    if (row.InvoiceNo.startsWith('C')) {
      unmatched.add(row.InvoiceNo);
      continue;
    }
    const lines = orders.get(row.InvoiceNo) ?? [];
    orders.set(row.InvoiceNo, lines);
    const pence = penceOf(row.UnitPrice);
    const why = whyNotOrdered(row, pence);
    if (why !== undefined) {
      setAside.push({ invoice: row.InvoiceNo, code: row.StockCode, why });
      continue;
    }
    const quantity = Number(row.Quantity);
    const offer = offerFor(offers, row, pence);
    offer.units += quantity;
    lines.push({ sku: offer.sku, quantity });
  }
  for (const [invoice, lines] of orders) {
    if (lines.length === 0) setAside.push({ invoice, code: '(whole invoice)', why: 'no line of it can be ordered' });
  }
  return {
    offers: [...offers.values()],
    orders: [...orders].filter(([, lines]) => lines.length > 0).map(([invoice, lines]) => ({ invoice, lines })),
    setAside,
    unmatched: [...unmatched],
  };
}

/** `2.55` → 255, without a detour over floating point. */
function penceOf(pounds: string): number {
  const [whole = '0', fraction = ''] = pounds.split('.');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0').slice(0, 2));
}

function whyNotOrdered(row: Row, pence: number): string | undefined {
  if (NO_GOODS.has(row.StockCode)) return `${row.Description.trim().toLowerCase() || row.StockCode} is no goods`;
  if (pence <= 0) return 'it has no price';
  if (Number(row.Quantity) < 1) return `a quantity of ${row.Quantity} cannot be ordered`;
  return undefined;
}

/** The first price of a code sells under the code itself, each further one under `code.<pence>`. */
function offerFor(offers: Map<string, DemoOffer>, row: Row, pence: number): DemoOffer {
  const first = offers.get(row.StockCode);
  const sku = first === undefined || first.pence === pence ? row.StockCode : `${row.StockCode}.${pence}`;
  const known = offers.get(sku);
  if (known) return known;
  const offer = { sku, name: row.Description.trim() || row.StockCode, pence, units: 0 };
  offers.set(sku, offer);
  return offer;
}
