import { artifactLimits, fetchArtifactScript, forkCommentScript } from './comment-scripts.ts';
import type { WorkflowPlace } from './workflow-place.ts';
import { commentMarker, workflowSlug } from './workflow-place.ts';

/**
 * The workflow that comments on pull requests of forks. It runs on the main branch with a token that may write, and
 * handles what the fork's run left as a stranger's text: bounded, never unpacked to a path of its own choosing, never
 * part of a script.
 */
export function forkWorkflow(place: WorkflowPlace): string {
  const slug = workflowSlug(place);
  return `# Comments on pull requests of forks and of Dependabot, whose own run may not. Written by \`infer init\`. It runs with a token
# that may write, so nothing of the pull request is checked out or run here, and the artifact of its run is a stranger's
# text: of limited size, unpacked file by file to fixed names, and checked against the commit that ran.
name: ${slug}-comment

on:
  workflow_run:
    workflows: [${slug}]
    types: [completed]

permissions: {}

jobs:
${job(commentMarker(place))}`;
}

function job(marker: string): string {
  return `  comment:
    if: >-
      \${{ github.event.workflow_run.event == 'pull_request' &&
      (github.event.workflow_run.head_repository.full_name != github.repository ||
      github.event.workflow_run.actor.login == 'dependabot[bot]') }}
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      actions: read
      pull-requests: write
    steps:
      - name: Fetch the artifact
        id: artifact
        uses: actions/github-script@v7
        with:
          script: |
${script(fetchArtifactScript)}

      - name: Unpack no more than a comment takes
        if: steps.artifact.outputs.found == 'true'
        run: |
          cd "$RUNNER_TEMP"
          # unzip ends with an error when head has enough.
          { unzip -p comment.zip comment.md || true; } | head -c ${artifactLimits.commentBytes} > comment.md
          { unzip -p comment.zip pull-request.txt || true; } | head -c ${artifactLimits.numberBytes} > pull-request.txt

      - name: Comment
        if: steps.artifact.outputs.found == 'true'
        uses: actions/github-script@v7
        with:
          script: |
${script(forkCommentScript(marker))}
`;
}

function script(lines: readonly string[]): string {
  return lines.map((line) => `            ${line}`).join('\n');
}
