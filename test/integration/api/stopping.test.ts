import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { listen } from '../../../src/main/components/http.js';
import { freePort } from '../../support/freePort.js';
import { until } from '../../support/until.js';

describe('a server that stops', () => {
  const open = async () => {
    const http = await listen({ setting: 'PORT', host: '127.0.0.1', port: await freePort() });
    const waiting: ServerResponse[] = [];
    http.serve((incoming, response) => {
      if (incoming.url === '/slow') waiting.push(response);
      else response.end('quick');
    });
    return { http, waiting };
  };

  it('lets a request under way come to its end, and says meanwhile what it is asked', async () => {
    const { http, waiting } = await open();
    const slow = fetch(`${http.url}/slow`);
    await until('the slow request is there', () => waiting.length === 1);
    let ended = false;
    const stopped = http.stop(10_000).then(() => (ended = true));
    expect(await (await fetch(`${http.url}/readyz`)).text()).to.equal('quick');
    expect(ended).to.equal(false);
    waiting[0]?.end('done');
    expect(await (await slow).text()).to.equal('done');
    await stopped;
    const refused = await fetch(http.url).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
  });

  it('is held up neither by connections that are kept open nor by a request that never ends', async () => {
    const { http, waiting } = await open();
    const agent = new Agent({ keepAlive: true });
    const kept = request(`${http.url}/quick`, { agent });
    const [answer] = (await once(kept.end(), 'response')) as [NodeJS.ReadableStream];
    answer.resume();
    await once(answer, 'end');
    const broken = fetch(`${http.url}/slow`).then(
      () => false,
      () => true,
    );
    await until('the request is there', () => waiting.length === 1);
    await http.stop(50);
    expect(await broken).to.equal(true);
    agent.destroy();
  });
});
