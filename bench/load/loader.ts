/** The load generator: autocannon, in a process of its own that stays warm from run to run. */
import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { serveJobs } from '../harness/child.js';
import { type LoadJob, type LoadResult, orderBodies, type Traffic } from './requests.js';

function requestsOf(traffic: Traffic): autocannon.Request[] {
  if (traffic.kind === 'get') {
    let next = 0;
    const { paths } = traffic;
    return [
      { method: 'GET', setupRequest: (request) => ({ ...request, path: paths[(next += 1) % paths.length] ?? '/' }) },
    ];
  }
  const bodies = orderBodies(traffic.lines, traffic.skus);
  const run = randomUUID();
  let next = 0;
  const headers = {
    'content-type': 'application/json',
    ...(traffic.prefer === undefined ? {} : { prefer: traffic.prefer }),
  };
  return [
    {
      method: 'POST',
      path: '/v1/orders',
      setupRequest: (request) => {
        const number = traffic.keys === 'one' ? 0 : (next += 1);
        const key = traffic.keys === 'one' ? 'the-same-request' : `${run}-${number}`;
        return {
          ...request,
          body: bodies[number % bodies.length] ?? '',
          headers: { ...headers, 'idempotency-key': key },
        };
      },
    },
  ];
}

serveJobs<LoadJob, LoadResult>(async ({ url, connections, seconds, traffic, rate }) => {
  const from = performance.now();
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    requests: requestsOf(traffic),
    ...(rate === undefined ? {} : { overallRate: rate }),
  });
  const lasted = (performance.now() - from) / 1_000;
  const answers = result['2xx'];
  if (result.non2xx > 0 || result.errors > 0 || answers === 0) {
    throw new Error(
      `${url} gave ${answers} good answers, ${result.non2xx} others (4xx: ${result['4xx']}, 5xx: ${result['5xx']}), ${result.errors} errors`,
    );
  }
  return { perSecond: answers / lasted, answers, p50: result.latency.p50, p99: result.latency.p99 };
});
