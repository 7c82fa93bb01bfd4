import type { UsageErrorDetails } from '../../errors.ts';
import { count, formatMs, formatNumber, formatWhole } from '../units.ts';
import { because, clause, listOf, shapeText, suggestion } from './phrases.ts';
import type { Sentences } from './sentences.ts';

const unbound: Sentences<UsageErrorDetails>['unbound-dimension'] = (d) => {
  const others = d.others.length === 0 ? '' : ` (also unbound: ${listOf(d.others)})`;
  return (
    `${d.model}: input '${d.input}' axis ${d.axis} has the symbolic dimension '${d.dimension}' that cannot be guessed; ` +
    `bind it with --dim ${d.dimension}=VALUE or give the whole shape with --shape ${d.input}=...${others}`
  );
};

const unknownRef: Sentences<UsageErrorDetails>['git-ref-unknown'] = (d) =>
  d.shallow
    ? `${d.ref}: this clone is shallow and has no '${d.name}'; fetch it with git fetch --depth=1 origin ${d.name}:refs/remotes/origin/${d.name}, ` +
      'or all of the history with git fetch --unshallow (in GitHub Actions: fetch-depth: 0 of actions/checkout)'
    : `${d.ref}: git knows no '${d.name}'${suggestion(d.name, d.known, 'it knows')}; fetch it first, or name a branch, a tag or a commit`;

const gateLocked: Sentences<UsageErrorDetails>['gate-locked'] = (d) =>
  `another gate has been running on this machine since ${d.since} (process ${d.pid}, in ${d.folder}) and did not end within ${formatMs(d.waitedMs)}: two at once would measure each other; ` +
  `wait for it, give a longer --lock-timeout, or remove ${d.path} if there is no such gate`;

export const usageMessages: Sentences<UsageErrorDetails> = {
  'missing-argument': (d) => `${d.flag} is missing: give ${d.what}`,
  'bad-value': (d) => `${d.flag}: '${d.value}' is not ${d.expected}`,
  'bad-list': (d) =>
    `${d.flag}: '${d.value}' is not a list (${clause(d.problem)}); write 1,2,4 or 1-32*2 (doubling) or 1-9+2 (in steps of 2)`,
  'unknown-name': (d) => `${d.what}: there is no '${d.value}'${suggestion(d.value, d.known, 'known')}`,
  'file-missing': (d) => `${d.path}: no such file; a ${d.what} was expected there, check the path`,
  'is-directory': (d) => `${d.path} is a folder; a ${d.what} was expected: give the path of the file itself`,
  'file-unreadable': (d) => `${d.path} cannot be read${because(d.problem)}; check its permissions`,
  'output-unwritable': (d) =>
    `${d.path} cannot be written${because(d.problem)}; choose another path with -o or make the folder writable`,
  'output-exists': (d) => `${d.path} exists already; give --force to overwrite it, or another --output`,
  'config-invalid': (d) =>
    `${d.path}: ${d.key === '' ? 'the config' : `key '${d.key}'`} is invalid${because(d.problem)}` +
    suggestion(d.key.split('.').at(-1) ?? '', d.known, 'known keys'),
  'unbound-dimension': unbound,
  'unknown-dimension': (d) =>
    d.known.length === 0
      ? `--dim ${d.dimension}: the model has no symbolic dimensions to bind; leave the flag out`
      : `--dim ${d.dimension}: the model has no such dimension${suggestion(d.dimension, d.known, 'its dimensions')}`,
  'unknown-input': (d) => `the model has no input '${d.input}'${suggestion(d.input, d.known, 'its inputs')}`,
  'shape-mismatch': (d) =>
    `input '${d.input}': shape ${shapeText(d.given)} does not fit the declared ${shapeText(d.declared)}; ` +
    (d.declared.length === 0
      ? 'give a single value'
      : `give ${d.declared.length} dimensions, with the fixed ones as declared`),
  'dimension-conflict': (d) =>
    `dimension '${d.dimension}' is given as ${d.first} and as ${d.second}; --dim, --shape, --batch and the data must agree on it`,
  'input-value-needed': (d) =>
    `input '${d.input}' (${d.type}) needs a value that cannot be guessed; give it with --input ${d.input}=VALUE or a file`,
  'results-mixed': (d) =>
    `${d.path} is a ${d.kind} result, and only bench results can be shown side by side; report it on its own`,
  'package-missing': (d) => `${d.package} is needed ${d.purpose}; add it with npm install ${d.package}`,
  'output-unclear': (d) =>
    `${d.model} has several outputs (${d.known.join(', ')}): say with --output-name which one is to be scored`,
  'inputs-unlike': (d) =>
    `input '${d.input}' of ${d.model} is ${d.found}, that of ${d.reference} is ${d.expected}: no data suit both; give a reference with the same inputs`,
  'outputs-unlike': (d) =>
    `output '${d.output}' of ${d.model} is ${d.found}, that of ${d.reference} is ${d.expected}: they cannot be compared; give a reference with the same outputs`,
  'checkpoint-unlike': (d) =>
    `${d.path} is the checkpoint of another training: ${listOf(d.differs)}; give --no-resume to start anew, or another --output`,
  'nothing-fits-cores': (d) =>
    `--fit-cores leaves nothing to measure: the fewest threads asked for are ${d.least}, on ${count(d.cores, 'usable core')}; lower --threads or --instances, or leave it out`,
  'load-writes-text': (d) =>
    `${d.model} writes text, and a request under load is a single run; give --lm off to load single runs, or leave --rate and --find-max out`,
  'rate-unissuable': (d) =>
    `--rate ${d.asked} is ${formatWhole(d.requests)} requests in ${formatMs(d.durationMs)}, and no more than ${formatWhole(d.most)} are issued in a run; lower it, or give a shorter --duration`,
  'context-exceeded': (d) =>
    `${d.model} has positions for ${count(d.limit, 'token')}, and ${d.prompt} of a prompt with ${d.generated} to write are more; lower --prompt-tokens or --new-tokens`,
  'flags-conflict': (d) => `${d.flag} makes no sense with ${d.other}: ${clause(d.problem)}; leave one of them out`,
  'scheme-missing': (d) => `nothing says how to quantize: give one of ${listOf(d.flags)}`,
  'prune-missing': (d) =>
    `nothing says what to prune: give a share to remove or a goal, one of ${listOf(d.flags)}, such as --channels 0.25`,
  'score-needs-data': (d) =>
    `${d.flag} ${d.score} ranks by what samples do inside the model: give some with --data, or a score that does without (${listOf(d.others)})`,
  'exclude-matches-nothing': (d) =>
    `--exclude: no node has a name or operator like '${d.pattern}'${suggestion(d.pattern, d.known, 'some are')}`,
  'target-unsupported': (d) =>
    `${d.wanted} is nothing for --target ${d.target}: ${clause(d.problem)}; give another --target or another scheme`,
  'head-unsuited': (d) =>
    `${d.path} is a saved result, and the head of scenario '${d.scenario}' must be a model that can be run; give the path of an .onnx file`,
  'journal-missing': (d) => `${d.path}: there is no interrupted gate to continue; run it without --resume`,
  'journal-unlike': (d) =>
    `${d.path} is of another gate: ${listOf(d.differs)} ${d.differs.length === 1 ? 'is' : 'are'} not the same; run it without --resume to begin anew`,
  'scenario-repeated': (d) => `two scenarios are called '${d.name}': give one of them another name`,
  'scenario-without-rules': (d) =>
    `scenario '${d.name}' is held to nothing: give it a metric with a tolerance or a budget`,
  'git-missing': () =>
    'git cannot be started, and models named as git:REF:PATH are read by it; install git, or give the path of a file',
  'git-no-repository': (d) =>
    `${d.ref}: ${d.folder} is in no git repository; run it inside of one, or give the path of a file`,
  'git-ref-unknown': unknownRef,
  'git-path-missing': (d) =>
    `${d.ref}: there is no ${d.path} at commit ${d.commit.slice(0, 12)}${suggestion(d.path, d.known, 'there are')}; paths count from the top of the repository`,
  'git-not-a-file': (d) =>
    `${d.ref}: ${d.path} is a ${d.kind} there; ${d.kind === 'link' ? 'name the file that it leads to' : 'give the path of a model'}`,
  'git-failed': (d) => `git refuses to work in ${d.folder}${because(d.problem)}`,
  'base-unsuited': (d) =>
    `${d.path} is a ${d.kind} result, which nothing can be gated against; give a model, or the result of a gate or a bench`,
  'no-models': (d) =>
    `${d.folder}: there is no .onnx file here or below that git does not ignore (node_modules aside); run it where models are`,
  'files-differ': (d) =>
    `${listOf(d.paths)} ${d.paths.length === 1 ? 'is' : 'are'} there already and would be written otherwise; look with --dry-run, overwrite with --force; nothing was written`,
  'cost-result-unsuited': (d) =>
    `${d.path} is a ${d.kind} result, and costs come from times of runs: give results of infer bench, and of infer evaluate for accuracies`,
  'cost-model-unclear': (d) =>
    d.matches.length === 0
      ? `${d.flag}: no result has a model '${d.value}'${suggestion(d.value, d.known, 'they have')}`
      : `${d.flag}: '${d.value}' may be ${listOf(d.matches)}; give as much of the path as tells them apart`,
  'cost-load-too-large': (d) =>
    `no fleet of up to ${formatWhole(d.machines)} machines serves ${formatNumber(d.perSecond)} requests a second; lower --rps, or choose faster machines with --instance`,
  'cost-objective-unreachable': (d) =>
    `--slo p${d.percentile}=${formatMs(d.limitMs)}: no machine answers in time, for even without waiting the fastest (${d.instance}) takes ${formatMs(d.aloneMs)}; allow more, or make the model faster`,
  'cost-workflow-unserved': (d) =>
    `${d.path}: step '${d.step}': none of the machines serves ${d.model}${d.perSecond === null ? '' : ` at its ${formatNumber(d.perSecond)} calls a second`}; look at more of them (--instance, --cloud, --region), or lower the load`,
  'gate-locked': gateLocked,
};
