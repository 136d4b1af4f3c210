import type { Texts } from '../render.js';

const greeting = "<%= it.name === '' ? 'Hello' : `Hello ${it.name}` %>,";
const goodbye = '\n\nYour order <%= it.number %>\n';

export const en: Texts = {
  placed: {
    subject: 'We have your order <%= it.number %>',
    text: `${greeting}

thank you for your order. This is what we have written down:

<% for (const item of it.items) { -%>
  <%= item.qty %> × <%= item.name %>: <%= it.money(item.net) %>
<% for (const option of item.options) { -%>
      <%= option.name %>: <%= option.choice %><% if (option.price !== undefined) { %> (<%= it.difference(option.price) %>)<% } %>
<% } -%>
<% } -%>
<% if (it.delivery !== undefined) { -%>
  Delivery: <%= it.money(it.delivery) %>
<% } -%>
<% if (it.tax !== undefined) { -%>
  Tax: <%= it.money(it.tax) %>
<% } -%>
<% if (it.tip !== undefined) { -%>
  Tip: <%= it.money(it.tip) %>
<% } -%>

In all: <%= it.money(it.total) %>${goodbye}`,
  },
  payment_link: {
    subject: 'Please pay your order <%= it.number %>',
    text: `${greeting}

we need <%= it.money(it.amount) %> from you until <%= it.time(it.dueAt) %>. You can pay here:

<%= it.url %>

<% if (it.more) { %>This is what your order costs more than you have paid.<% } else { %>We begin as soon as you have paid; unpaid, the order ends by itself.<% } %>${goodbye}`,
  },
  paid: {
    subject:
      '<% if (it.over) { %>You get back what you paid for your order <%= it.number %><% } else { %>Your order <%= it.number %> is paid<% } %>',
    text: `${greeting}

we have received <%= it.money(it.amount) %>.<% if (it.over) { %> Your order has ended, so you get back what you paid, the way you paid.<% } else { %> Thank you! We are getting to work.<% } %>${goodbye}`,
  },
  ready: {
    subject: 'Your order <%= it.number %> is ready',
    text: `${greeting}

you can fetch your order.<% if (it.pickupNo !== undefined) { %> Your number is <%= it.pickupNo %>.<% } %>${goodbye}`,
  },
  dispatched: {
    subject: 'Your order <%= it.number %> is on its way',
    text: `${greeting}

this has left us with <%= it.carrier %>:

<% for (const item of it.items) { -%>
  <%= item.qty %> × <%= item.name %>
<% for (const option of item.options) { -%>
      <%= option.name %>: <%= option.choice %>
<% } -%>
<% } -%>
<% if (it.trackingNo !== undefined) { -%>

Tracking number: <%= it.trackingNo %>
<% } -%>${goodbye}`,
  },
  cancelled: {
    subject: 'Your order <%= it.number %> is cancelled',
    text: `${greeting}

your order is cancelled: <%= it.reason %>
<% if (it.refund !== undefined) { -%>

You get <%= it.money(it.refund) %> back, the way you paid.
<% } -%>${goodbye}`,
  },
  not_cancelled: {
    subject: 'Your order <%= it.number %> could not be cancelled',
    text: `${greeting}

your order was to be cancelled. That was not possible any more: <%= it.cause %>. What could not be stopped comes to you as you
ordered it.${goodbye}`,
  },
  rejected: {
    subject: 'We cannot take your order <%= it.number %>',
    text: `${greeting}

we are sorry, we cannot take your order:

<% for (const reason of it.reasons) { -%>
  <%= reason %>
<% } -%>
<% if (it.refund !== undefined) { -%>

You get <%= it.money(it.refund) %> back, the way you paid.
<% } -%>${goodbye}`,
  },
  expired: {
    subject: 'Your order <%= it.number %> has ended unpaid',
    text: `${greeting}

the time to pay your order is over, so we do not make it. If you still want it, please order again.
<% if (it.refund !== undefined) { -%>

You get <%= it.money(it.refund) %> back, the way you paid.
<% } -%>${goodbye}`,
  },
  short: {
    subject: 'Something of your order <%= it.number %> is short',
    text: `${greeting}

we do not have all that you ordered: <%= it.detail %>

Your order waits until <%= it.time(it.decideBy) %>. Please tell us whether you want it without what is missing; if we do not
hear from you, it ends by itself.${goodbye}`,
  },
  refunded: {
    subject: 'Money is on its way back to you (<%= it.number %>)',
    text: `${greeting}

we have sent <%= it.money(it.amount) %> back to you, the way you paid. Your bank may take a few days.${goodbye}`,
  },
};
