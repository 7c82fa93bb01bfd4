/** GitHub takes 65,536 characters. */
const longestComment = 60_000;

/** Writes the comment anew where there is one, so that a pull request has one of ours, with the last verdict. */
function upsert(marker: string): readonly string[] {
  return [
    `const marker = ${JSON.stringify(marker)};`,
    'const where = { owner: context.repo.owner, repo: context.repo.repo };',
    'const say = async (issue_number, text) => {',
    `  const body = marker + '\\n' + text.slice(0, ${longestComment});`,
    '  const all = await github.paginate(github.rest.issues.listComments, { ...where, issue_number, per_page: 100 });',
    "  const isOurs = (comment) => comment.user?.login === 'github-actions[bot]' && comment.body?.startsWith(marker);",
    '  const ours = all.find(isOurs);',
    '  if (ours === undefined) await github.rest.issues.createComment({ ...where, issue_number, body });',
    '  else await github.rest.issues.updateComment({ ...where, comment_id: ours.id, body });',
    '};',
  ];
}

/** For actions/github-script, in the run of the pull request itself. */
export function ownCommentScript(marker: string): readonly string[] {
  return [
    "const { readFileSync } = require('node:fs');",
    ...upsert(marker),
    "await say(context.payload.pull_request.number, readFileSync('infer-gate-comment/comment.md', 'utf8'));",
  ];
}

/** Most bytes of the artifact, and of what it holds once unpacked. */
export const artifactLimits = { zippedBytes: 200_000, commentBytes: 200_000, numberBytes: 20 } as const;

/** Fetches the artifact of the run as one file, if it is small: its name, size and content are the pull request's. */
export const fetchArtifactScript: readonly string[] = [
  "const { writeFileSync } = require('node:fs');",
  'const where = { owner: context.repo.owner, repo: context.repo.repo };',
  'const { data } = await github.rest.actions.listWorkflowRunArtifacts({',
  "  ...where, run_id: context.payload.workflow_run.id, name: 'infer-gate-comment',",
  '});',
  'const [artifact] = data.artifacts;',
  "if (artifact === undefined) return core.notice('the run left no comment');",
  `if (artifact.size_in_bytes > ${artifactLimits.zippedBytes}) return core.setFailed('the artifact is too large for a comment');`,
  'const zip = await github.rest.actions.downloadArtifact({',
  "  ...where, artifact_id: artifact.id, archive_format: 'zip',",
  '});',
  "writeFileSync(process.env.RUNNER_TEMP + '/comment.zip', Buffer.from(zip.data));",
  "core.setOutput('found', 'true');",
];

/** Posts what a fork's run left, if it says where it belongs and that holds: all of it is text by a stranger. */
export function forkCommentScript(marker: string): readonly string[] {
  return [
    "const { readFileSync } = require('node:fs');",
    "const read = (name) => readFileSync(process.env.RUNNER_TEMP + '/' + name, 'utf8');",
    ...upsert(marker),
    "const digits = read('pull-request.txt').trim();",
    "if (!/^[1-9][0-9]{0,8}$/.test(digits)) return core.setFailed('the artifact names no pull request');",
    'const pull_number = Number(digits);',
    'const { data: pull } = await github.rest.pulls.get({ ...where, pull_number });',
    'const { head_sha: sha, head_repository: source } = context.payload.workflow_run;',
    "if (pull.head.sha !== sha || pull.head.repo?.id !== source?.id) return core.notice('the pull request is not the one that ran, or has gone on');",
    "if (pull.state !== 'open') return core.notice('the pull request is closed');",
    '// Nobody is called, nothing hides, and the text does not pass for ours.',
    "const text = read('comment.md').replace(/^<!-- infer gate -->\\s*/, '').replaceAll('<!--', '&lt;!--').replaceAll('@', '@\\u200b').replaceAll('\\u0000', '');",
    "await say(pull_number, '*From a run of the fork’s own code, as it was handed over.*\\n\\n' + text);",
  ];
}
