import type { Texts } from '../render.js';

const greeting = "<%= it.name === '' ? 'Guten Tag' : `Guten Tag ${it.name}` %>,";
/** Why something cannot be stopped any more, as orders have it. */
const CAUSES = {
  'the kitchen has begun': 'die Küche hat schon angefangen',
  'the kitchen has handed it over': 'die Küche hat sie schon ausgegeben',
  'it has left': 'sie ist schon unterwegs',
};
const goodbye = '\n\nIhre Bestellung <%= it.number %>\n';

export const de: Texts = {
  placed: {
    subject: 'Wir haben Ihre Bestellung <%= it.number %>',
    text: `${greeting}

vielen Dank für Ihre Bestellung. Das haben wir notiert:

<% for (const item of it.items) { -%>
  <%= item.qty %> × <%= item.name %>: <%= it.money(item.net) %>
<% for (const option of item.options) { -%>
      <%= option.name %>: <%= option.choice %><% if (option.price !== undefined) { %> (<%= it.difference(option.price) %>)<% } %>
<% } -%>
<% } -%>
<% if (it.delivery !== undefined) { -%>
  Lieferung: <%= it.money(it.delivery) %>
<% } -%>
<% if (it.tax !== undefined) { -%>
  Steuer: <%= it.money(it.tax) %>
<% } -%>
<% if (it.tip !== undefined) { -%>
  Trinkgeld: <%= it.money(it.tip) %>
<% } -%>

Zusammen: <%= it.money(it.total) %>${goodbye}`,
  },
  payment_link: {
    subject: 'Bitte bezahlen Sie Ihre Bestellung <%= it.number %>',
    text: `${greeting}

wir bitten um <%= it.money(it.amount) %> bis <%= it.time(it.dueAt) %>. Hier können Sie bezahlen:

<%= it.url %>

<% if (it.more) { %>Um so viel ist Ihre Bestellung teurer, als Sie bezahlt haben.<% } else { %>Sobald bezahlt ist, fangen wir an; unbezahlt endet die Bestellung von selbst.<% } %>${goodbye}`,
  },
  paid: {
    subject:
      '<% if (it.over) { %>Sie bekommen zurück, was Sie für Ihre Bestellung <%= it.number %> bezahlt haben<% } else { %>Ihre Bestellung <%= it.number %> ist bezahlt<% } %>',
    text: `${greeting}

wir haben <%= it.money(it.amount) %> erhalten.<% if (it.over) { %> Ihre Bestellung ist beendet, deshalb bekommen Sie zurück, was Sie bezahlt haben, auf dem Weg, auf dem Sie bezahlt haben.<% } else { %> Vielen Dank! Wir machen uns an die Arbeit.<% } %>${goodbye}`,
  },
  ready: {
    subject: 'Ihre Bestellung <%= it.number %> ist fertig',
    text: `${greeting}

Sie können Ihre Bestellung abholen.<% if (it.pickupNo !== undefined) { %> Ihre Nummer ist <%= it.pickupNo %>.<% } %>${goodbye}`,
  },
  dispatched: {
    subject: 'Ihre Bestellung <%= it.number %> ist unterwegs',
    text: `${greeting}

das hat uns mit <%= it.carrier %> verlassen:

<% for (const item of it.items) { -%>
  <%= item.qty %> × <%= item.name %>
<% for (const option of item.options) { -%>
      <%= option.name %>: <%= option.choice %>
<% } -%>
<% } -%>
<% if (it.trackingNo !== undefined) { -%>

Sendungsnummer: <%= it.trackingNo %>
<% } -%>${goodbye}`,
  },
  cancelled: {
    subject: 'Ihre Bestellung <%= it.number %> ist storniert',
    text: `${greeting}

Ihre Bestellung ist storniert: <%= it.reason %>
<% if (it.refund !== undefined) { -%>

Sie bekommen <%= it.money(it.refund) %> zurück, auf dem Weg, auf dem Sie bezahlt haben.
<% } -%>${goodbye}`,
  },
  not_cancelled: {
    subject: 'Ihre Bestellung <%= it.number %> konnte nicht storniert werden',
    text: `${greeting}

Ihre Bestellung sollte storniert werden. Das ging nicht mehr: <%= (${JSON.stringify(CAUSES)})[it.cause] ?? it.cause %>. Was
sich nicht mehr aufhalten ließ, bekommen Sie, wie Sie es bestellt haben.${goodbye}`,
  },
  rejected: {
    subject: 'Wir können Ihre Bestellung <%= it.number %> nicht annehmen',
    text: `${greeting}

leider können wir Ihre Bestellung nicht annehmen:

<% for (const reason of it.reasons) { -%>
  <%= reason %>
<% } -%>
<% if (it.refund !== undefined) { -%>

Sie bekommen <%= it.money(it.refund) %> zurück, auf dem Weg, auf dem Sie bezahlt haben.
<% } -%>${goodbye}`,
  },
  expired: {
    subject: 'Ihre Bestellung <%= it.number %> ist unbezahlt beendet',
    text: `${greeting}

die Zeit zum Bezahlen ist vorbei, deshalb machen wir die Bestellung nicht. Wenn Sie sie noch möchten, bestellen Sie bitte
noch einmal.
<% if (it.refund !== undefined) { -%>

Sie bekommen <%= it.money(it.refund) %> zurück, auf dem Weg, auf dem Sie bezahlt haben.
<% } -%>${goodbye}`,
  },
  short: {
    subject: 'Von Ihrer Bestellung <%= it.number %> fehlt etwas',
    text: `${greeting}

wir haben nicht alles, was Sie bestellt haben: <%= it.detail %>

Ihre Bestellung wartet bis <%= it.time(it.decideBy) %>. Bitte sagen Sie uns, ob Sie sie ohne das möchten, was fehlt; hören
wir nichts von Ihnen, endet sie von selbst.${goodbye}`,
  },
  refunded: {
    subject: 'Geld ist auf dem Weg zu Ihnen zurück (<%= it.number %>)',
    text: `${greeting}

wir haben Ihnen <%= it.money(it.amount) %> zurückgesandt, auf dem Weg, auf dem Sie bezahlt haben. Ihre Bank braucht
vielleicht ein paar Tage.${goodbye}`,
  },
};
