import { expect } from 'chai';
import { Rig, act, checkout, idOf } from './rig.js';

describe('Stripe simulator, the payment page', () => {
  const rig = new Rig();
  before(() => rig.start());
  after(() => rig.stop());

  const page = async (url: string | null) => {
    const response = await fetch(String(url));
    return { status: response.status, html: await response.text(), headers: response.headers };
  };
  const submit = async (url: string | null, outcome: string) => {
    const response = await fetch(String(url), { method: 'POST', body: new URLSearchParams({ outcome }) });
    return { status: response.status, html: await response.text() };
  };

  it('shows lines, amounts, the merchant and three buttons', async () => {
    const { url } = await rig.stripe.checkout.sessions.create(checkout());
    const { status, html, headers } = await page(url);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^text\/html/);
    for (const text of ['Comanda', 'ord_1', 'Pot of tea', '2 × £5.00', '£10.00', 'Scone', '£12.50']) {
      expect(html).to.contain(text);
    }
    expect([...html.matchAll(/<button[^>]*name="outcome" value="(\w+)"/g)].map(([, value]) => value)).to.deep.equal([
      'succeed',
      'decline',
      'abandon',
    ]);
  });

  it('is written for everybody: a language, a title, a heading, a caption and headers of rows and columns', async () => {
    const { url } = await rig.stripe.checkout.sessions.create(checkout());
    const { html } = await page(url);
    for (const mark of [
      '<html lang="en">',
      '<title>£12.50 to Comanda</title>',
      '<h1>',
      '<caption>',
      'scope="col"',
      'scope="row"',
      'name="viewport"',
    ]) {
      expect(html).to.contain(mark);
    }
  });

  it('shows what others wrote as text, and lets no script run', async () => {
    const price_data = {
      currency: 'eur',
      unit_amount: 100,
      product_data: { name: '<script>alert("1")</script>', description: `<img src=x onerror='alert(2)'>` },
    };
    const { url } = await rig.stripe.checkout.sessions.create(
      checkout({
        line_items: [{ quantity: 1, price_data }],
        client_reference_id: '"><b>bold</b>',
        cancel_url: 'http://127.0.0.1/?a="onmouseover="alert(3)',
      }),
    );
    const { html, headers } = await page(url);
    expect(html).not.to.match(/<script|<img|<b>/);
    expect(html).to.contain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    const left = await submit(url, 'abandon');
    expect(left.html).not.to.contain('"onmouseover="');
    expect(headers.get('content-security-policy')).to.contain("script-src 'self'");
  });

  it('takes the payment, and says so', async () => {
    const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
    const { status, html } = await submit(url, 'succeed');
    expect(status).to.equal(200);
    expect(html).to.contain('Payment received').and.not.to.contain('<button');
    expect(html).to.contain(`http://127.0.0.1:8080/done?session=${id}`);
    expect((await rig.stripe.checkout.sessions.retrieve(id)).payment_status).to.equal('paid');
  });

  it('declines the card and lets the payer try again', async () => {
    const { url } = await rig.stripe.checkout.sessions.create(checkout());
    const { status, html } = await submit(url, 'decline');
    expect(status).to.equal(200);
    expect(html).to.contain('Card declined').and.to.contain('value="succeed"');
    expect((await submit(url, 'succeed')).html).to.contain('Payment received');
  });

  it('lets the payer leave and come back', async () => {
    const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
    const { html } = await submit(url, 'abandon');
    expect(html).to.contain('You left the payment').and.to.contain('http://127.0.0.1:8080/left');
    expect((await rig.stripe.checkout.sessions.retrieve(id)).status).to.equal('open');
    expect((await page(url)).html).to.contain('value="succeed"');
  });

  it('charges nothing twice, not even when two tabs pay at once', async () => {
    const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
    const answers = await Promise.all(Array.from({ length: 5 }, () => act(url, 'succeed')));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409, 409, 409]);
    expect((await submit(url, 'succeed')).html).to.contain('Already paid');
    const { payment_intent } = await rig.stripe.checkout.sessions.retrieve(id);
    const charges = await rig.stripe.charges.list({ payment_intent: idOf(payment_intent) });
    expect(charges.data).to.have.length(1);
    expect((await page(url)).html)
      .to.contain('Already paid')
      .and.not.to.contain('<button');
  });

  it('takes nothing for a session that was closed', async () => {
    const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
    await rig.stripe.checkout.sessions.expire(id);
    const { status, html } = await submit(url, 'succeed');
    expect(status).to.equal(410);
    expect(html).to.contain('Payment link expired').and.not.to.contain('<button');
    expect((await page(url)).html).to.contain('Payment link expired');
  });

  it('settles the race between paying and closing one way or the other', async () => {
    for (let n = 0; n < 10; n++) {
      const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
      const closing = rig.stripe.checkout.sessions.expire(id).then(
        () => true,
        () => false,
      );
      const [paid, closed] = await Promise.all([act(url, 'succeed'), closing]);
      expect([paid.result, closed]).to.be.deep.oneOf([
        ['paid', false],
        ['expired', true],
      ]);
      const { status } = await rig.stripe.checkout.sessions.retrieve(id);
      expect(status).to.equal(closed ? 'expired' : 'complete');
    }
  });

  it('tells how a slow payment stands, and how it ended', async () => {
    const { url } = await rig.stripe.checkout.sessions.create(checkout());
    await act(url, 'process');
    expect((await page(url)).html)
      .to.contain('Transfer under way')
      .and.not.to.contain('<button');
    await act(url, 'decline');
    expect((await page(url)).html)
      .to.contain('Payment failed')
      .and.not.to.contain('<button');
    expect(await act(url, 'succeed')).to.deep.equal({ status: 409, result: 'payment_failed' });
  });

  it('answers scripts in JSON where they ask for it', async () => {
    const { id, url } = await rig.stripe.checkout.sessions.create(checkout());
    const response = await fetch(String(url), {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ outcome: 'succeed' }),
    });
    const body = (await response.json()) as { result: string; session: { id: string; payment_status: string } };
    expect(body.result).to.equal('paid');
    expect(body.session).to.include({ id, payment_status: 'paid' });
  });

  it('explains an outcome that it does not know and an address that leads nowhere', async () => {
    const { url } = await rig.stripe.checkout.sessions.create(checkout());
    const unknown = await submit(url, 'steal');
    expect(unknown.status).to.equal(400);
    expect(unknown.html).to.contain('succeed');
    expect((await act(url, '')).status).to.equal(400);
    for (const answer of [
      await page(`${rig.url}/c/pay/cs_test_none`),
      await submit(`${rig.url}/c/pay/cs_test_none`, 'succeed'),
    ]) {
      expect(answer.status).to.equal(404);
      expect(answer.html).to.contain('No such payment');
    }
  });

  it('puts the address that payers reach into its links', async () => {
    const behind = new Rig();
    await behind.start({ publicUrl: 'https://pay.example.test/' });
    try {
      const session = await behind.stripe.checkout.sessions.create(checkout());
      expect(session.url).to.equal(`https://pay.example.test/c/pay/${session.id}`);
    } finally {
      await behind.stop();
    }
  });
});
