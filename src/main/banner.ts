import type { Component } from './components/component.js';
import type { Role } from './config.js';

export interface Banner {
  readonly roles: readonly Role[];
  readonly apiUrl: string | undefined;
  /** Where a process without the API says how it is. */
  readonly probesUrl: string | undefined;
  readonly simulatorUrl: string | undefined;
  readonly store: Pick<Component, 'describe'>;
  readonly database: Pick<Component, 'describe'>;
  readonly broker: Pick<Component, 'describe'>;
  readonly wakeUps: Pick<Component, 'describe'>;
  readonly payment: Pick<Component, 'describe'>;
  readonly mail: { readonly describe: string };
  readonly kitchenSimulator: boolean;
  readonly carrierSimulator: boolean;
  readonly checkEngine: boolean;
}

/** Tells the person at the terminal where to go, and what each component is. */
export function printBanner(banner: Banner): void {
  const { apiUrl, probesUrl, simulatorUrl, store, database, broker, wakeUps, payment, mail } = banner;
  const rows: readonly (readonly [string, string])[] = [
    ...(apiUrl === undefined
      ? []
      : ([
          ['API', `${apiUrl}/v1`],
          ['API document', `${apiUrl}/docs`],
        ] as const)),
    ...(probesUrl === undefined ? [] : ([['probes', `${probesUrl}/readyz`]] as const)),
    ...(simulatorUrl === undefined ? [] : ([['payment simulator', simulatorUrl]] as const)),
    ['event store', store.describe],
    ['read models', database.describe],
    ['broker', broker.describe],
    ['wake-ups', wakeUps.describe],
    ['payment', payment.describe],
    ['mail', mail.describe],
    [
      'kitchen',
      banner.kitchenSimulator ? 'simulator: tickets are cooked and handed over by themselves' : 'people, over the API',
    ],
    [
      'carrier',
      banner.carrierSimulator
        ? 'simulator: it sells every label, and brings what left under one'
        : 'elsewhere, over the broker',
    ],
    ['checks', banner.checkEngine ? 'our own rules' : 'elsewhere, over the broker'],
    ['roles', banner.roles.join(', ')],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
  console.log(['Comanda is ready.', ...lines, '  Ctrl-C stops it.'].join('\n'));
}
