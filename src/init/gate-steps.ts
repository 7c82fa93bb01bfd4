export interface StepNames {
  /** How `infer` is called. */
  readonly infer: string;
  /** Name of the config file, in the folder where steps run. */
  readonly config: string;
  /** Tells the workflow from others of the repository. */
  readonly slug: string;
}

/** Steps that measure and tell, without indent. */
export function gateSteps(names: StepNames): readonly string[] {
  const { infer } = names;
  return [
    ...machineStep(names),
    '',
    ...calibrationSteps(names),
    '',
    ...baseStep,
    '',
    ...gateStep(infer),
    '',
    ...reportStep(infer),
    '',
    ...uploadSteps,
  ];
}

/** Noise differs between machines, so what one kind of them has is kept by its fingerprint. */
function machineStep({ infer, config }: StepNames): readonly string[] {
  return [
    '- name: Identify the machine',
    '  id: machine',
    '  run: |',
    `    echo "config=$(sha256sum < ${config} | cut -c 1-16)" >> "$GITHUB_OUTPUT"`,
    `    ${infer} doctor --json > "$RUNNER_TEMP/machine.json"`,
    `    node -e 'const { environment } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));`,
    `      console.log("fingerprint=" + environment.fingerprint.replace(/[^0-9a-z]/gi, ""))' "$RUNNER_TEMP/machine.json" >> "$GITHUB_OUTPUT"`,
  ];
}

function calibrationSteps({ infer, slug }: StepNames): readonly string[] {
  const key = `${slug}-calibration-\${{ steps.machine.outputs.fingerprint }}-\${{ steps.machine.outputs.config }}`;
  return [
    '- name: Restore the calibration of such a machine',
    '  id: calibration',
    '  uses: actions/cache/restore@v4',
    '  with:',
    '    path: ~/.cache/infer-calibration',
    `    key: ${key}`,
    '',
    '# What a branch saves, other pull requests cannot see: the branch that they go to calibrates for all.',
    '- name: Calibrate',
    "  if: github.event_name != 'pull_request' && steps.calibration.outputs.cache-hit != 'true'",
    '  run: |',
    '    mkdir -p "$HOME/.cache/infer-calibration"',
    '    # Exit code 1: a tolerance is finer than such a machine can tell in the budget. The summary says which.',
    `    ${infer} gate --calibrate --output "$HOME/.cache/infer-calibration/calibration.json" || [ $? -eq 1 ]`,
    '',
    '- name: Save the calibration',
    "  if: github.event_name != 'pull_request' && steps.calibration.outputs.cache-hit != 'true'",
    '  uses: actions/cache/save@v4',
    '  with:',
    '    path: ~/.cache/infer-calibration',
    `    key: ${key}`,
  ];
}

const baseStep = [
  '- name: Name the base',
  "  if: github.event_name == 'pull_request'",
  '  env:',
  '    BASE_REF: ${{ github.base_ref }}',
  '  run: |',
  '    # What the pull request was merged with; the branch itself may have gone on since.',
  "    if git rev-parse --verify --quiet 'HEAD^2' > /dev/null; then",
  `      git update-ref "refs/remotes/origin/$BASE_REF" 'HEAD^1'`,
  '    else',
  '      git fetch --no-tags --depth=1 origin "+refs/heads/$BASE_REF:refs/remotes/origin/$BASE_REF"',
  '    fi',
];

function gateStep(infer: string): readonly string[] {
  return [
    '- name: Gate',
    '  id: gate',
    "  if: github.event_name == 'pull_request'",
    '  env:',
    '    BASE_REF: ${{ github.base_ref }}',
    '  run: |',
    '    mkdir -p "$RUNNER_TEMP/infer-gate"',
    `    ${infer} gate --base "git:origin/$BASE_REF" --output "$RUNNER_TEMP/infer-gate/gate.json"`,
  ];
}

function reportStep(infer: string): readonly string[] {
  return [
    '- name: Report',
    '  if: ${{ !cancelled() }}',
    '  env:',
    '    PULL_REQUEST: ${{ github.event.pull_request.number }}',
    '  run: |',
    '    results="$RUNNER_TEMP/infer-gate"',
    '    calibration="$HOME/.cache/infer-calibration/calibration.json"',
    '    mkdir -p "$results/comment"',
    `    printf '%s\\n' "$PULL_REQUEST" > "$results/comment/pull-request.txt"`,
    '    if [ -f "$results/gate.json" ]; then',
    `      ${infer} report "$results/gate.json" --format markdown > "$results/comment/comment.md"`,
    `      ${infer} report "$results/gate.json" --format junit > "$results/junit.xml"`,
    `      ${infer} report "$results/gate.json" --format html > "$results/gate.html"`,
    '      # Annotations: GitHub reads them off the log.',
    `      ${infer} report "$results/gate.json" --format github`,
    '    else',
    '      echo \'`infer gate` has no result: the log of its step says why.\' > "$results/comment/comment.md"',
    '    fi',
    '    if [ -n "$PULL_REQUEST" ]; then cat "$results/comment/comment.md" >> "$GITHUB_STEP_SUMMARY"; fi',
    '    if [ -f "$calibration" ]; then',
    `      ${infer} report "$calibration" --format markdown >> "$GITHUB_STEP_SUMMARY"`,
    '    fi',
  ];
}

/** After a failed gate too. Whoever comments gets the little that is for it, apart. */
const uploadSteps = [
  '- name: Keep the results',
  "  if: ${{ !cancelled() && github.event_name == 'pull_request' }}",
  '  uses: actions/upload-artifact@v4',
  '  with:',
  '    name: infer-gate',
  '    path: |',
  '      ${{ runner.temp }}/infer-gate/*',
  '      !${{ runner.temp }}/infer-gate/comment',
  '    if-no-files-found: ignore',
  '',
  '- name: Keep the comment',
  "  if: ${{ !cancelled() && github.event_name == 'pull_request' }}",
  '  uses: actions/upload-artifact@v4',
  '  with:',
  '    name: infer-gate-comment',
  '    path: ${{ runner.temp }}/infer-gate/comment',
  '    retention-days: 5',
];
