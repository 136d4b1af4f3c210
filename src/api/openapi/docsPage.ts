import { PROBLEM_TYPES, type ProblemSlug } from '../problems/types.js';
import type { JsonSchema } from '../schema/schema.js';
import { type ApiDocument, COMMON, type Operation, type Parameter } from './document.js';
import { STYLE } from './style.js';

/** The API document as one page to read: plain HTML, no scripts, nothing loaded from elsewhere. */
export function docsPage(api: ApiDocument): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = api.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section><h2 id="${escape(name)}">${escape(name)}</h2><p>${escape(description)}</p>
${own.map(({ path, method, operation }) => operationCard(path, method, operation)).join('\n')}</section>`;
  });
  const links = [...api.tags.map(({ name }) => name), 'Schemas', 'Problems'];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(api.info.title)} API</title><style>${STYLE}</style></head>
<body>
<header><h1>${escape(api.info.title)} API <small>${escape(api.info.version)}</small></h1>
<p>${escape(api.info.description)}</p>
<nav>${links.map((name) => `<a href="#${escape(name)}">${escape(name)}</a>`).join(' ')} <a href="/v1/openapi.json">openapi.json</a></nav></header>
<main>
${sections.join('\n')}
<section><h2 id="Schemas">Schemas</h2>
${Object.entries(api.components.schemas).map(schemaCard).join('\n')}</section>
<section><h2 id="Problems">Problems</h2>
<table><thead><tr><th>status</th><th>type</th><th>code</th><th>title</th></tr></thead><tbody>
${Object.entries(PROBLEM_TYPES).map(problemRow).join('\n')}
</tbody></table></section>
</main>
</body></html>`;
}

function operationCard(path: string, method: string, operation: Operation): string {
  const body = operation.requestBody?.content['application/json']?.schema;
  return `<article id="${escape(operation.operationId)}">
<h3><b class="${method.toLowerCase()}">${method}</b> <code>${escape(path)}</code></h3>
<p>${prose(operation.summary)}.${operation.description === undefined ? '' : ` ${prose(operation.description)}`}</p>
${parameterTable(operation.parameters)}
${body === undefined ? '' : `<h4>Body</h4>${schemaHtml(body)}`}
<h4>Answers</h4><table class="answers"><tbody>${answerRows(operation.responses)}</tbody></table>
</article>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      `<tr><td><code>${escape(name)}</code>${required && place !== 'path' ? ' <em>required</em>' : ''}</td><td>${place}</td>` +
      `<td>${escape(typeOf(schema))}</td><td>${prose(description === '' ? descriptionOf(schema) : description)}</td></tr>`,
  );
  return `<h4>Parameters</h4><table><tbody>${rows.join('')}</tbody></table>`;
}

/** What every operation can answer stands in one line, so that what is particular to this one is seen. */
function answerRows(responses: Operation['responses']): string {
  const own: string[] = [];
  const usual: string[] = [];
  for (const [status, answer] of Object.entries(responses)) {
    const kinds = answer['x-problems'];
    if (kinds?.every((kind) => COMMON.includes(kind)) === true) {
      usual.push(...kinds.map((kind) => `${escape(status)} ${problemLink(kind)}`));
    } else own.push(answerRow(status, answer));
  }
  const everywhere = `<tr class="usual"><td></td><td>as everywhere: ${usual.join(' · ')}</td></tr>`;
  return own.join('') + (usual.length === 0 ? '' : everywhere);
}

function answerRow(status: string, answer: Operation['responses'][string]): string {
  const [schema] = Object.values(answer.content ?? {}).map((content) => content.schema);
  const kinds = answer['x-problems'];
  const text = kinds
    ? kinds.map((kind) => `${problemLink(kind)} ${escape(PROBLEM_TYPES[kind].title)}`).join('<br>')
    : `${prose(answer.description)}${schema === undefined ? '' : ` ${schemaHtml(schema)}`}`;
  return `<tr class="s${status.slice(0, 1)}"><td>${escape(status)}</td><td>${text}</td></tr>`;
}

const problemLink = (slug: ProblemSlug): string => `<a href="#${escape(slug)}"><code>${escape(slug)}</code></a>`;

const schemaCard = ([name, schema]: [string, JsonSchema]): string =>
  `<article id="schema-${escape(name)}"><h3><code>${escape(name)}</code></h3>${schemaHtml(schema)}</article>`;

const problemRow = ([slug, { status, code, title }]: [
  string,
  { status: number; code: number; title: string },
]): string =>
  `<tr id="${escape(slug)}"><td>${status}</td><td><code>/problems/${escape(slug)}</code></td><td>${code}</td><td>${escape(title)}</td></tr>`;

/** An object as a table of its properties, anything else in a word. */
function schemaHtml(schema: JsonSchema): string {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>> | undefined;
  if (properties === undefined) return typeHtml(schema);
  const required = new Set(schema.required as readonly string[] | undefined);
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `<tr><td><code>${escape(name)}</code>${required.has(name) ? '' : ' <em>optional</em>'}</td>` +
      `<td>${property.properties === undefined ? typeHtml(property) : schemaHtml(property)}</td>` +
      `<td>${prose(descriptionOf(property))}</td></tr>`,
  );
  return rows.length === 0 ? '<p>An empty object.</p>' : `<table><tbody>${rows.join('')}</tbody></table>`;
}

function typeHtml(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
  }
  if (schema.type === 'array') return `list of ${schemaHtml((schema.items ?? {}) as JsonSchema)}`;
  if (Array.isArray(schema.anyOf)) return (schema.anyOf as readonly JsonSchema[]).map(typeHtml).join(' or ');
  return escape(typeOf(schema));
}

function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return (schema.enum as readonly unknown[]).map(String).join(' | ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  const limits = (['minimum', 'maximum', 'maxLength', 'format'] as const)
    .filter((key) => schema[key] !== undefined && schema[key] !== Number.MIN_SAFE_INTEGER)
    .map((key) => `${key} ${String(schema[key])}`);
  const type = typeof schema.type === 'string' ? schema.type : 'anything';
  return limits.length === 0 ? type : `${type} (${limits.join(', ')})`;
}

const descriptionOf = (schema: JsonSchema): string =>
  typeof schema.description === 'string' ? schema.description : '';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (symbol) => ENTITIES[symbol] ?? symbol);

/** Text in which code stands between backticks, as everywhere in the document. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
