import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createHttpServer } from '../../../src/api/http/httpServer.js';

describe('What is no HTTP request', () => {
  const server = createHttpServer((_request, response) => response.end('ok'));
  before((done) => void server.listen(0, '127.0.0.1', done));
  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });

  const send = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('error', reject).on('close', () => resolve(answer));
    });

  for (const [what, bytes, status, type] of [
    ['a greeting', 'HELLO?\r\n\r\n', 400, 'malformed-request'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400, 'malformed-request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'malformed-request',
    ],
    [
      'headers of 20 KB',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n', 417, 'expectation-failed'],
  ] as const) {
    it(`answers ${what} with ${status} ${type}`, async () => {
      const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
      expect(head)
        .to.match(new RegExp(`^HTTP/1\\.1 ${status} `))
        .and.contain('application/problem+json')
        .and.match(/^X-Request-Id: \S+$/m);
      expect(JSON.parse(body)).to.deep.include({ type: `/problems/${type}`, status });
    });
  }
});
