import { shown } from './amounts.js';
import type { Visit } from './paying.js';
import type { SessionRecord } from './records.js';
import { payPath } from './objects/session.js';

export const STYLE_PATH = '/simulator/page.css';

/** What the payer is told after an action, or finds on a session that cannot be paid any more. */
const MESSAGES: Readonly<
  Record<Visit['result'], { readonly title: string; readonly text: string; readonly tone: 'good' | 'bad' | 'plain' }>
> = {
  paid: { title: 'Payment received', text: 'Thank you. You can close this page.', tone: 'good' },
  declined: { title: 'Card declined', text: 'Nothing was charged. You can try again.', tone: 'bad' },
  abandoned: {
    title: 'You left the payment',
    text: 'Nothing was charged. The link stays open until its time is up.',
    tone: 'plain',
  },
  processing: { title: 'Transfer started', text: 'The bank has not confirmed it yet.', tone: 'plain' },
  transfer_failed: {
    title: 'Transfer failed',
    text: 'The bank did not carry it out. Nothing was charged.',
    tone: 'bad',
  },
  already_paid: { title: 'Already paid', text: 'This order has been paid. Nothing was charged again.', tone: 'good' },
  already_processing: { title: 'Transfer under way', text: 'The bank has not confirmed it yet.', tone: 'plain' },
  expired: {
    title: 'Payment link expired',
    text: 'Its time is up or the order was closed. Nothing was charged.',
    tone: 'bad',
  },
  payment_failed: { title: 'Payment failed', text: 'This link can no longer be paid.', tone: 'bad' },
};

/** HTTP status of an answer to `POST`: what was asked for happened, or why it did not. */
export const statusOf = (result: Visit['result']): number => {
  switch (result) {
    case 'already_paid':
    case 'already_processing':
    case 'payment_failed':
      return 409;
    case 'expired':
      return 410;
    default:
      return 200;
  }
};

/** The page of a session: what is paid for, what is to be told, and while it is open the three things that a payer can do. */
export function paymentPage(session: SessionRecord, message: Visit['result'] | undefined): string {
  const canAct = session.status === 'open' && message !== 'expired' && message !== 'abandoned';
  const heading = canAct ? 'Complete your payment' : 'Your payment';
  return document(
    `${shown(session.amount, session.currency)} to Comanda`,
    `<h1>${heading}</h1>
${message === undefined ? '' : notice(message)}
${order(session)}
${canAct ? actions(session) : wayBack(session, message)}`,
  );
}

/** For an address that leads to no session. */
export const noSuchPage = (): string =>
  document(
    'No such payment',
    `<h1>No such payment</h1>
<p>There is no payment at this address. Check that the link was copied whole.</p>`,
  );

/** For a form without an outcome that the page knows. */
export const badOutcomePage = (allowed: readonly string[]): string =>
  document(
    'Not understood',
    `<h1>Not understood</h1>
<p>The form field <code>outcome</code> must be one of ${allowed.map((choice) => `<code>${escape(choice)}</code>`).join(', ')}.</p>`,
  );

function notice(result: Visit['result']): string {
  const { title, text, tone } = MESSAGES[result];
  return `<div class="notice ${tone}" role="status"><strong>${title}</strong> <span>${text}</span></div>`;
}

function order(session: SessionRecord): string {
  const amount = (value: number) => escape(shown(value, session.currency));
  const rows = session.lines.map(
    (line) => `<tr>
<th scope="row">${escape(line.name)}${line.description === undefined ? '' : `<small>${escape(line.description)}</small>`}</th>
<td>${line.quantity} × ${amount(line.unitAmount)}</td>
<td class="amount">${amount(line.unitAmount * line.quantity)}</td>
</tr>`,
  );
  return `<table>
<caption>Order at <strong>Comanda</strong>${session.clientReferenceId === undefined ? '' : `<code>${escape(session.clientReferenceId)}</code>`}</caption>
<thead><tr><th scope="col">Item</th><th scope="col">Quantity</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
<tfoot><tr><th scope="row" colspan="2">Total</th><td class="amount">${amount(session.amount)}</td></tr></tfoot>
</table>`;
}

function actions(session: SessionRecord): string {
  const until = new Date(session.expiresAt * 1_000).toISOString();
  return `<form method="post" action="${payPath(session.id)}">
<button class="primary" name="outcome" value="succeed">Pay ${escape(shown(session.amount, session.currency))}</button>
<button name="outcome" value="decline">Decline the card</button>
<button class="quiet" name="outcome" value="abandon">Leave without paying</button>
</form>
<p class="hint">The link is open until <time datetime="${until}">${until.slice(0, 16).replace('T', ' ')} UTC</time>.</p>`;
}

function wayBack(session: SessionRecord, result: Visit['result'] | undefined): string {
  const address =
    result === 'abandoned'
      ? session.cancelUrl
      : session.status === 'complete'
        ? session.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
        : session.cancelUrl;
  const again = session.status === 'open' ? `<a href="${payPath(session.id)}">Return to the payment</a>` : '';
  return `<p class="links">${again}${address === undefined ? '' : `<a href="${escape(address)}">Back to Comanda</a>`}</p>`;
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<header><span class="brand">Comanda</span><span class="badge">Payment simulator: no money moves</span></header>
<main>
${body}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (symbol) => ENTITIES[symbol] ?? '');

/** Readable at 4.5:1 and better in light and dark; buttons of 44 px and more. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --ground: #f3f4f6; --line: #d5d9de;
  --accent: #0b6b4f; --on-accent: #fff; --good: #0b6b4f; --bad: #a8201a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a9b1ba; --paper: #1e2227; --ground: #14171a; --line: #3a4149;
  --accent: #3ecf9b; --on-accent: #0c1512; --good: #3ecf9b; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main { max-width: 36rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; margin-top: 1rem; }
.brand { font-weight: 700; font-size: 1.25rem; letter-spacing: -.01em; }
.badge { font-size: .8125rem; color: var(--soft); border: 1px solid var(--line); border-radius: 99px; padding: .125rem .75rem; }
main { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; margin-bottom: 2rem; }
@media (max-width: 38rem) { main { border-radius: 0; border-inline: 0; padding: 1.25rem 1rem; } }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
caption code { display: block; font-size: .8125rem; overflow-wrap: anywhere; }
th, td { text-align: left; padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th { font-size: .8125rem; color: var(--soft); }
tbody th { overflow-wrap: anywhere; }
tbody th small { display: block; color: var(--soft); }
td { white-space: nowrap; }
.amount { text-align: right; padding-right: 0; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 700; font-size: 1.125rem; padding-top: .75rem; }
form { display: grid; gap: .75rem; margin-top: 1.25rem; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .625rem 1rem; border-radius: 8px; border: 1px solid var(--line); background: var(--paper); color: var(--ink); cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); min-height: 3.25rem; }
button.quiet { border-color: transparent; color: var(--soft); font-weight: 400; text-decoration: underline; }
button:hover { filter: brightness(.94); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.hint { color: var(--soft); font-size: .875rem; margin: 1rem 0 0; }
.links { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 1.25rem 0 0; }
.notice { border: 1px solid; border-left-width: 6px; border-radius: 8px; padding: .75rem 1rem; margin-bottom: 1.25rem; }
.notice strong { display: block; }
.notice.good { border-color: var(--good); } .notice.good strong { color: var(--good); }
.notice.bad { border-color: var(--bad); } .notice.bad strong { color: var(--bad); }
.notice.plain { border-color: var(--soft); }
`;
