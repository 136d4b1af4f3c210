import type { Request, Response } from 'express';
import { type Problem, problemDocument } from '../problems/problem.js';
import { PROBLEM_TYPES } from '../problems/types.js';
import { noneMatchNames } from './preconditions.js';
import type { Preferences } from './prefer.js';
import type { Answer } from './route.js';

/** The media type of every answer that is no problem and no page. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** What is known of a request before anything of it is checked. */
export interface RequestFacts {
  readonly requestId: string;
  /** The path as it came, without the query. */
  readonly instance: string;
}

/** Writes an answer; a GET whose entity tag the client names in If-None-Match becomes 304. */
export function sendAnswer(req: Request, res: Response, answer: Answer, prefer: Preferences): void {
  const reads = req.method === 'GET' || req.method === 'HEAD';
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  if (answer.etag !== undefined) res.setHeader('ETag', `"${answer.etag}"`);
  if (typeof answer.position === 'bigint') res.setHeader('Comanda-Position', answer.position.toString());
  if (reads && answer.status === 200 && answer.etag !== undefined) {
    if (noneMatchNames(req.headers['if-none-match'], answer.etag)) return void res.writeHead(304).end();
  }
  if (answer.text) return sendText(res, answer.status, answer.text.type, answer.text.content);
  if (answer.body === undefined) return void res.writeHead(answer.status, { 'Content-Length': 0 }).end();
  if (!reads && prefer.minimal) {
    const applied = [answer.headers?.['Preference-Applied'], 'return=minimal'].filter((entry) => entry !== undefined);
    res.setHeader('Preference-Applied', applied.join(', '));
    const created = answer.status === 201;
    return void res.writeHead(created ? 201 : 204, created ? { 'Content-Length': 0 } : {}).end();
  }
  sendText(res, answer.status, JSON_TYPE, JSON.stringify(answer.body));
}

export function sendProblem(res: Response, refusal: Problem, facts: RequestFacts): void {
  for (const [name, value] of Object.entries(refusal.headers ?? {})) res.setHeader(name, value);
  res.setHeader('Cache-Control', 'no-store');
  const document = JSON.stringify(problemDocument(refusal, facts));
  sendText(res, PROBLEM_TYPES[refusal.type].status, 'application/problem+json; charset=utf-8', document);
}

function sendText(res: Response, status: number, type: string, content: string): void {
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(content) });
  res.end(content);
}
