import { ownCommentScript } from './comment-scripts.ts';
import { gateSteps } from './gate-steps.ts';
import type { InitAnswers, Installation } from './init-answers.ts';
import { inferCall, installationSteps, installationVariables } from './installation-steps.ts';
import type { WorkflowPlace } from './workflow-place.ts';
import { commentMarker, withoutExpressions, workflowSlug } from './workflow-place.ts';
import { yamlComment, yamlText } from './yaml-text.ts';

export interface WorkflowOptions {
  readonly answers: InitAnswers;
  readonly place: WorkflowPlace;
  readonly installation: Installation;
}

/** The GitHub Actions workflow that gates pull requests. */
export function gateWorkflow(options: WorkflowOptions): string {
  const { answers, place } = options;
  const lines = [
    ...triggers(options),
    '',
    'jobs:',
    ...indented(2, gateJob(options)),
    ...(answers.comment ? ['', ...indented(2, commentJob(commentMarker(place)))] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function triggers({ answers, place }: WorkflowOptions): readonly string[] {
  const slug = workflowSlug(place);
  const branch = yamlText(branchPattern(answers.baseBranch));
  return [
    `# Holds models of pull requests to the section \`gate\` of ${yamlComment(configPath(place))}, beside those of the branch that`,
    '# they go to. Written by `infer init`, and yours to change: it is not overwritten without asking.',
    `name: ${slug}`,
    '',
    'on:',
    '  pull_request:',
    `    branches: [${branch}]`,
    '    # To run for pull requests only that touch models (not where this check is required to merge):',
    "    # paths: ['**/*.onnx', '**/infer.config.*']",
    '  # Measures how noisy the runners are, once for each kind of them.',
    '  push:',
    `    branches: [${branch}]`,
    '',
    'permissions: {}',
    '',
    'concurrency:',
    `  group: ${slug}-\${{ github.ref }}`,
    "  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
  ];
}

function configPath({ folder, config }: WorkflowPlace): string {
  return folder === '' ? config : `${folder}/${config}`;
}

/** Branch filters are patterns; a name is only itself. */
function branchPattern(branch: string): string {
  return branch.replaceAll(/[*?+[\]!\\]/g, String.raw`\$&`);
}

function gateJob({ answers, place, installation }: WorkflowOptions): readonly string[] {
  return [
    'gate:',
    '  runs-on: ubuntu-latest',
    `  timeout-minutes: ${timeoutMinutes(answers.budgetMs)}`,
    '  permissions:',
    '    contents: read',
    ...(place.folder === '' ? [] : workingDirectory(place.folder)),
    '  env:',
    ...indented(4, installationVariables(installation)),
    '  steps:',
    '    - uses: actions/checkout@v4',
    '      with:',
    '        # The merge and its parents, of which the first is the base.',
    '        fetch-depth: 2',
    '        lfs: true',
    '',
    ...indented(4, installationSteps(installation)),
    '',
    ...indented(4, gateSteps({ infer: inferCall(installation), config: place.config, slug: workflowSlug(place) })),
  ];
}

function workingDirectory(folder: string): readonly string[] {
  return ['  defaults:', '    run:', `      working-directory: ${yamlText(withoutExpressions(folder))}`];
}

/** Room for a second batch, for installing, and for data to be scored. */
function timeoutMinutes(budgetMs: number): number {
  return 20 + Math.ceil((3 * budgetMs) / 60_000);
}

/** A job of its own: nothing of the pull request's code runs where a token may write. */
function commentJob(marker: string): readonly string[] {
  return [
    '# Nothing of the pull request runs here. Those of forks and of Dependabot get a token that only reads: the other',
    '# workflow comments on them.',
    'comment:',
    '  needs: gate',
    '  if: >-',
    "    ${{ !cancelled() && github.event_name == 'pull_request' && github.actor != 'dependabot[bot]' &&",
    '    github.event.pull_request.head.repo.full_name == github.repository }}',
    '  runs-on: ubuntu-latest',
    '  timeout-minutes: 5',
    '  permissions:',
    '    pull-requests: write',
    '  steps:',
    '    - uses: actions/download-artifact@v4',
    '      with:',
    '        name: infer-gate-comment',
    '        path: infer-gate-comment',
    '    - uses: actions/github-script@v7',
    '      with:',
    '        script: |',
    ...indented(10, ownCommentScript(marker)),
  ];
}

function indented(spaces: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(spaces)}${line}`));
}
