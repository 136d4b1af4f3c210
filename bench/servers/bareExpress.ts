/**
 * Express as everybody begins with it, nothing behind it: reads the JSON of a POST and answers the given JSON, to every
 * path. Usage: bareExpress.js FILE (the answer)
 */
import { readFileSync } from 'node:fs';
import express from 'express';
import { serve } from './ready.js';

const answer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as object;
const app = express();
app.use(express.json());
app.post('/v1/orders', (_request, response) => {
  response.status(201).json(answer);
});
app.get('/v1/orders/:id', (_request, response) => {
  response.json(answer);
});
app.get(['/v1/orders', '/v1/orders/:id/timeline'], (_request, response) => {
  response.json(answer);
});
serve(app);
