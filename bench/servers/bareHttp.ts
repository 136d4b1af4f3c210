/** Node's own server, nothing behind it: takes in the body and answers the given JSON. Usage: bareHttp.js FILE (the answer) */
import { readFileSync } from 'node:fs';
import { serve } from './ready.js';

const answer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as object;
serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString());
    const text = JSON.stringify(answer);
    response
      .writeHead(request.method === 'POST' ? 201 : 200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
      })
      .end(text);
  });
});
