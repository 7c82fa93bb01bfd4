import type { Installation } from './init-answers.ts';
import { withoutExpressions } from './workflow-place.ts';
import { yamlText } from './yaml-text.ts';

/** How the steps of a workflow call `infer`. */
export function inferCall(installation: Installation): string {
  return installation.kind === 'dependency' ? 'npx --no-install infer' : 'npx --yes --package="$INFER_PACKAGE" infer';
}

/** Steps that bring node and infer, what they download kept for the next run. Lines without indent. */
export function installationSteps(installation: Installation): readonly string[] {
  return installation.kind === 'dependency' ? fromLockFile(installation) : fetched;
}

function fromLockFile({ folder, lockFile }: Installation & { kind: 'dependency' }): readonly string[] {
  return [
    '- uses: actions/setup-node@v4',
    '  with:',
    '    node-version: 22',
    '    cache: npm',
    ...(folder === '' ? [] : [`    cache-dependency-path: ${pathText(`${folder}/${lockFile}`)}`]),
    '',
    '- name: Install',
    // The job's own default may be another folder.
    ...(folder === '' ? ['  working-directory: .'] : [`  working-directory: ${pathText(folder)}`]),
    '  run: npm ci',
  ];
}

function pathText(path: string): string {
  return yamlText(withoutExpressions(path));
}

const fetched = [
  '- uses: actions/setup-node@v4',
  '  with:',
  '    node-version: 22',
  '',
  '- uses: actions/cache@v4',
  '  with:',
  '    path: ~/.npm',
  '    key: infer-npm-${{ runner.os }}-${{ runner.arch }}-${{ env.INFER_PACKAGE }}',
  '',
  '- name: Install',
  '  run: |',
  // Nothing is fetched by a guess: a name on npm may be somebody else's.
  `    test -n "$INFER_PACKAGE" || { echo '::error::say in INFER_PACKAGE of this workflow where infer comes from'; exit 1; }`,
  '    npx --yes --package="$INFER_PACKAGE" infer --version',
];

/** Variables of the job. */
export function installationVariables(installation: Installation): readonly string[] {
  const always = [
    '# Without it, installing onnxruntime-node downloads some hundreds of megabytes of CUDA libraries.',
    'ONNXRUNTIME_NODE_INSTALL: skip',
  ];
  if (installation.kind === 'dependency') return always;
  return [
    '# What npx fetches: a tarball, a git URL or NAME@VERSION that you trust. With infer among the dependencies of',
    '# package.json the lock file would say it.',
    `INFER_PACKAGE: ${yamlText(withoutExpressions(installation.source))}`,
    ...always,
  ];
}
