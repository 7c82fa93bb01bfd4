/** Who may import whom: the table in src/README.md, checked. Every rule says why it is there. */

/** Folders of one capability each. They know the leaves and the types of the runtime, never each other. */
const domains = [
  'bench',
  'cost',
  'distill',
  'doctor',
  'evaluate',
  'gate',
  'init',
  'inspect',
  'optimize',
  'profile',
  'prune',
  'quantize',
];
const domainPattern = `^src/(${domains.join('|')})/`;

/** Nothing of ours but the allowed folders; types of the others where `types` names them. */
function mayImport(folder, { own, types = [], comment }) {
  const allowed = [folder, ...own].map((name) => (name === 'errors' ? '^src/errors\\.ts$' : `^src/${name}/`));
  const typed = types.map((name) => `^src/${name}/`);
  return [
    {
      name: `${folder}-imports`,
      severity: 'error',
      comment,
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: [...allowed, ...typed] },
    },
    {
      name: `${folder}-imports-types-only`,
      severity: 'error',
      comment: `${folder} may know the types of ${types.join(', ') || 'nobody else'}, not their code: ${comment}`,
      from: { path: `^src/${folder}/` },
      to: { path: typed.length === 0 ? '^$' : typed, dependencyTypesNot: ['type-only'] },
    },
  ];
}

function thirdParty(name, { from, packages, comment }) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: '^src/', pathNot: from },
    to: { path: packages.map((p) => `node_modules/${p}`) },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle of code has no first file to read. The parts of a graph may name each other’s types.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file nobody imports is dead.',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['\\.d\\.ts$', '^src/index\\.ts$', '^src/runtime/(worker|scripted|serve/load-generator)\\.ts$'],
      },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'An import that resolves nowhere fails on a user’s machine.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      comment: 'What is not installed with infer cannot be imported by it.',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'src-knows-no-test',
      severity: 'error',
      comment: 'Tests and fixtures are not published.',
      from: { path: '^src/' },
      to: { path: '^(test|fixtures)/' },
    },

    ...mayImport('stats', { own: [], comment: 'stats is a leaf: pure numbers that can be checked against a table.' }),
    ...mayImport('onnx', { own: ['errors'], comment: 'the graph is a leaf, so that everything can stand on it.' }),
    ...mayImport('runtime', {
      own: ['errors', 'stats'],
      types: ['onnx'],
      comment: 'the port to the machine knows no capability; tensors and signatures are the words it shares with them.',
    }),
    ...mayImport('data', {
      own: ['errors', 'onnx', 'stats'],
      comment: 'data makes tensors (seeded by stats) and knows no runtime.',
    }),
    ...mayImport('compute', {
      own: ['errors', 'onnx', 'data', 'stats'],
      types: ['runtime'],
      comment: 'compute gets its runtime as an argument.',
    }),
    ...mayImport('result', {
      own: ['errors', ...domains],
      types: ['runtime'],
      comment: 'the result formats are read here and know no machine.',
    }),
    ...domains.flatMap((domain) =>
      mayImport(domain, {
        own: ['errors', 'onnx', 'stats', 'compute', 'data', 'result'],
        types: ['runtime', ...domains.filter((other) => other !== domain)],
        comment: 'a capability can be read and tested alone; commands join them.',
      }),
    ),
    ...mayImport('report', {
      own: ['errors'],
      types: ['result', 'runtime', ...domains],
      comment: 'a reporter is a pure function of a result.',
    }),
    ...mayImport('commands', {
      own: ['errors', 'onnx', 'data', 'stats', 'compute', 'runtime', 'result', ...domains],
      types: ['report'],
      comment: 'commands join domain and runtime and print nothing.',
    }),
    ...mayImport('cli', {
      own: ['errors', 'commands', 'report'],
      types: ['result', 'runtime', 'onnx', 'data', ...domains],
      comment: 'the command line parses, calls and prints.',
    }),
    {
      name: 'domain-knows-no-zod-but-formats',
      severity: 'error',
      comment: 'zod describes file formats; logic that needs it is in the wrong place.',
      from: {
        path: domainPattern,
        pathNot: [
          '-result\\.ts$',
          '^src/cost/[a-z]+/[a-z-]+-schema\\.ts$',
          '^src/gate/gate-(baseline|journal)\\.ts$',
          '^src/profile/roofs/roof-cache\\.ts$',
          '^src/quantize/calibration/calibration-cache\\.ts$',
        ],
      },
      to: { path: 'node_modules/zod/' },
    },

    thirdParty('onnxruntime-in-one-place', {
      from: '^src/runtime/onnxruntime\\.ts$',
      packages: ['onnxruntime-node/(?!package\\.json)', 'onnxruntime-common'],
      comment: 'one importer, so that another runtime is one more file.',
    }),
    thirdParty('protobuf-in-one-place', {
      from: '^src/onnx/file/',
      packages: ['onnx-buf', '@bufbuild'],
      comment: 'the format is a detail of onnx/file.',
    }),
    thirdParty('commander-in-cli', {
      from: '^src/cli/',
      packages: ['commander', '@inquirer', 'ora'],
      comment: 'only cli talks to people.',
    }),
    thirdParty('yaml-where-files-are-read', {
      from: ['^src/cli/', '^src/cost/(catalog/parse-prices|workflow/parse-workflow)\\.ts$'],
      packages: ['yaml'],
      comment: 'yaml is a format of config, prices and workflows: where one is parsed, and nowhere else.',
    }),
    thirdParty('execa-in-runtime', {
      from: '^src/runtime/',
      packages: ['execa'],
      comment: 'every child process is runtime’s.',
    }),
    thirdParty('browsers-in-runtime', {
      from: '^src/runtime/browser/',
      packages: ['playwright-core', 'onnxruntime-web'],
      comment: 'both are there for who measures in a browser, and looked for when asked.',
    }),
    thirdParty('tables-in-report', { from: '^src/report/', packages: ['cli-table3'], comment: 'only report draws.' }),
    thirdParty('charts-in-report-html', {
      from: '^src/report/html/',
      packages: ['d3-'],
      comment: 'charts are drawn where pages are made, and loaded with them.',
    }),
    {
      name: 'pages-are-loaded-when-asked-for',
      severity: 'error',
      comment: 'a table on a terminal waits for no chart library.',
      from: { path: '^src/', pathNot: '^src/report/html/' },
      to: { path: '^src/report/html/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    thirdParty('zod-where-files-are-read', {
      from: ['^src/result/', '^src/cli/', domainPattern],
      packages: ['zod'],
      comment: 'zod checks what comes from a file.',
    }),
    {
      name: 'fs-where-files-are',
      severity: 'error',
      comment: 'other folders are handed text, bytes or a store, so that they can be tested without a disk.',
      from: { path: '^src/', pathNot: ['^src/(onnx/file|data|cli|commands|runtime)/'] },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'children-in-runtime',
      severity: 'error',
      comment: 'every child process is runtime’s, so that none is left behind.',
      from: { path: '^src/', pathNot: '^src/runtime/' },
      to: { path: '^(node:)?(child_process|worker_threads)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
    exclude: { path: '^dist/' },
  },
};
