/**
 * Everything that can go wrong on a user's side, as data: a code from a closed union and typed details. `errors.ts` has
 * the classes, and the sentences a person reads are in report/messages.
 */

/** The user's command line or config must change (exit 2). */
export interface UsageErrorDetails {
  'missing-argument': { flag: string; what: string };
  'bad-value': { flag: string; value: string; expected: string };
  'bad-list': { flag: string; value: string; problem: string };
  'unknown-name': { what: string; value: string; known: readonly string[] };
  'file-missing': { path: string; what: string };
  'is-directory': { path: string; what: string };
  'file-unreadable': { path: string; problem: string };
  'output-unwritable': { path: string; problem: string };
  'output-exists': { path: string };
  'config-invalid': { path: string; key: string; problem: string; known: readonly string[] };
  'unbound-dimension': { model: string; input: string; axis: number; dimension: string; others: readonly string[] };
  'unknown-dimension': { dimension: string; known: readonly string[] };
  'unknown-input': { input: string; known: readonly string[] };
  'shape-mismatch': { input: string; given: readonly number[]; declared: readonly (number | string)[] };
  'dimension-conflict': { dimension: string; first: number; second: number };
  'input-value-needed': { input: string; type: string };
  'results-mixed': { path: string; kind: string };
  /** Several outputs, and none that is plainly the one to score. */
  'output-unclear': { model: string; known: readonly string[] };
  /** Nothing can be fed to both. */
  'inputs-unlike': { model: string; reference: string; input: string; found: string; expected: string };
  'outputs-unlike': { model: string; reference: string; output: string; found: string; expected: string };
  'package-missing': { package: string; purpose: string };
  /** `least`: the fewest threads of all instances together that were asked for. */
  'nothing-fits-cores': { least: number; cores: number };
  /** Not even the shortest prompt of a sweep and its answer: the model has positions for `limit` tokens. */
  'context-exceeded': { model: string; prompt: number; generated: number; limit: number };
  /** A checkpoint of another training; `differs` says what, there and here. */
  'checkpoint-unlike': { path: string; differs: readonly string[] };
  /** A language model, of which the text is measured that it writes. */
  'load-writes-text': { model: string };
  'rate-unissuable': { asked: string; requests: number; durationMs: number; most: number };
  /** Two flags that make no sense together, as they are written: `--method static`. */
  'flags-conflict': { flag: string; other: string; problem: string };
  /** None of the flags of which exactly one says what to do. */
  'scheme-missing': { flags: readonly string[] };
  /** Neither a share to remove nor a goal. */
  'prune-missing': { flags: readonly string[] };
  /** `others`: scores that look at weights alone. */
  'score-needs-data': { flag: string; score: string; others: readonly string[] };
  /** `known`: names that a pattern could have meant. */
  'exclude-matches-nothing': { pattern: string; known: readonly string[] };
  /** `wanted` as it was asked for: `--int4`, `--method static`. */
  'target-unsupported': { wanted: string; target: string; problem: string };
  'git-missing': { folder: string };
  'git-no-repository': { ref: string; folder: string };
  /** `shallow`: it may be that the clone left it out. */
  'git-ref-unknown': { ref: string; name: string; shallow: boolean; known: readonly string[] };
  'git-path-missing': { ref: string; path: string; commit: string; known: readonly string[] };
  'git-not-a-file': { ref: string; path: string; kind: string };
  /** `problem` in git's own words. */
  'git-failed': { folder: string; problem: string };
  /** A saved result where the head's model file is to be. */
  'head-unsuited': { path: string; scenario: string };
  /** Nothing to continue. */
  'journal-missing': { path: string };
  /** The blocks of another gate; `differs` says what is not the same. */
  'journal-unlike': { path: string; differs: readonly string[] };
  /** Two scenarios by one name: nobody could tell their cells apart. */
  'scenario-repeated': { name: string };
  /** A scenario that is held to nothing. */
  'scenario-without-rules': { name: string };
  /** A saved result that holds no figures to gate against. */
  'base-unsuited': { path: string; kind: string };
  /** No model below the folder. */
  'no-models': { folder: string };
  /** Files that would be overwritten. */
  'files-differ': { paths: readonly string[] };
  /** A saved result that holds no times of runs. */
  'cost-result-unsuited': { path: string; kind: string };
  /** A model by a name that none of the results has, or that several have. `known`: labels. */
  'cost-model-unclear': { flag: string; value: string; matches: readonly string[]; known: readonly string[] };
  /** More than any fleet of the chosen machines can serve. */
  'cost-load-too-large': { perSecond: number; machines: number };
  /** Of all machines, the fastest takes so long for one item that never waits, at the objective's percentile. */
  'cost-objective-unreachable': { percentile: number; limitMs: number; aloneMs: number; instance: string };
  /** Another gate runs on this machine and did not end in time; `path` of its lock. */
  'gate-locked': { path: string; pid: number; since: string; folder: string; waitedMs: number };
  /** No machine that was looked at serves a step's model; `perSecond` calls of it, null without a load. */
  'cost-workflow-unserved': { path: string; step: string; model: string; perSecond: number | null };
}

/** The model file must change (exit 3). */
export interface ModelErrorDetails {
  'model-empty': { path: string };
  'model-not-onnx': { path: string; looksLike: string };
  'model-truncated': { path: string; sizeBytes: number; offset: number; problem: string };
  'model-unsupported-operator': { path: string; operator: string; domain: string; opset: string; node: string };
  'model-rejected': { path: string; problem: string };
  'model-input-unsupported': { path: string; input: string; problem: string };
  /** Not protobuf: `offset` is where the file cannot be read on. */
  'model-malformed': { path: string; offset: number; problem: string };
  /** Sound protobuf that makes no sound model; `where` names the node, tensor or value. */
  'model-invalid': { path: string; where: string; problem: string };
  'model-external-data': { path: string; tensor: string; location: string; problem: string };
  /** More than protobuf allows in one file; `problem` is why it could not be brought into another form. */
  'model-too-large': { path: string; sizeBytes: number; problem: string };
  /** `operator` and `node` are empty where it is no node's fault. */
  'opset-unsupported': { path: string; operator: string; node: string; from: number; to: number; problem: string };
  'batch-fixed': { path: string; operator: string; node: string; problem: string };
  /** `problem` names what of both does not fit, the student's side first. */
  'distill-mismatch': { student: string; teacher: string; problem: string };
  'nothing-to-train': { path: string; reasons: readonly string[] };
  /** Before the first step: an output of one of them is NaN or infinite. */
  'loss-not-finite': { student: string; teacher: string; sample: string };
  /** `reasons`: nodes that stay in float, by the code of their reason. */
  'nothing-to-quantize': { path: string; reasons: Readonly<Record<string, number>> };
  'already-quantized': { path: string; node: string; operator: string };
  /** `locks`: why groups stay as they are, by the code of the reason, with the first node or value it comes from. */
  'nothing-to-prune': { path: string; wanted: readonly string[]; locks: Readonly<Record<string, string>> };
  /** Residual blocks cannot go, for inputs or outputs of the model would go with them; `value` is one of these. */
  'blocks-carry-cache': { path: string; blocks: number; value: string };
  /** `removable` residual blocks where `asked` were to go; `locks`: blocks that stay, by reason. */
  'no-blocks': { path: string; asked: number; removable: number; locks: Readonly<Record<string, number>> };
  /** A part of a language model's cache that goes in and does not come out as it must, or the other way round. */
  'cache-mismatch': { path: string; input: string | null; output: string | null; problem: string };
  /** No language model that text could be written with; `problem` says what it lacks or has too much. */
  'not-a-decoder': { path: string; problem: string };
  /** The provider is known to compute nodes wrong, the first of which reads so many channels. */
  'model-miscomputed': { path: string; ep: string; node: string; nodes: number; channels: number };
  /** Git holds a pointer, and git-lfs did not bring what it points to. */
  'model-in-lfs': { ref: string; name: string; problem: string };
}

/** A data file must change (exit 3). */
export interface DataErrorDetails {
  'data-missing': { path: string; problem: string };
  'data-malformed': { path: string; offset: number | null; problem: string };
  'data-unsupported': { path: string; problem: string };
  'data-unknown-input': { path: string; name: string; known: readonly string[] };
  'data-missing-input': { path: string; input: string; found: readonly string[] };
  'data-type-mismatch': { path: string; input: string; found: string; expected: string };
  'data-shape-mismatch': {
    path: string;
    input: string;
    found: readonly number[];
    expected: readonly (number | string)[];
  };
  'data-not-finite': { path: string; input: string; sample: number };
  /** A token id of a prompt that the model has no embedding of; `path` names the row. */
  'token-unknown': { path: string; id: number; model: string; vocabulary: number };
  /** `path` names the sample. */
  'label-mismatch': { path: string; found: string; expected: string };
  'label-out-of-range': { path: string; label: number; classes: number };
  /** `path` of the model; `problem` is what samples are needed for. */
  'calibration-needed': { path: string; problem: string };
  /** Inside the model: `path` of the data, or of the model where inputs were made up; `sample` null where unknown. */
  'calibration-not-finite': { path: string; value: string; sample: number | null };
  /** Of no sample are the activations finite; `path` of the data, or of the model where inputs were made up. */
  'activations-not-finite': { path: string; samples: number; value: string };
  /** `problem`: what differs, there and here. */
  'calibration-cache-mismatch': { path: string; problem: string };
  'journal-malformed': { path: string; problem: string };
  'baseline-malformed': { path: string };
  'result-malformed': { path: string; problem: string };
  /** `step` and `key` are empty where none is to blame; `known`: what `value` could have meant. */
  'cost-workflow-invalid': {
    path: string;
    step: string;
    key: string;
    problem: string;
    value: string;
    known: readonly string[];
  };
  /** A bench result without a point that was measured; `model` is its first. */
  'cost-no-points': { path: string; model: string; failed: number; skipped: number };
  /** The batch could be varied, and one alone was measured, under the conditions that are told. */
  'cost-no-batches': {
    path: string;
    model: string;
    batch: number;
    ep: string;
    threads: number;
    instances: number;
    dims: Readonly<Record<string, number>>;
  };
  /** Times of arrival that cannot be played; `line` null where it is all of them. */
  'trace-malformed': { path: string; line: number | null; problem: string };
  /** A price list of the user; `row` as `line 3` or `instances[1]`. `known`: names that `name` could have meant. */
  'cost-prices-malformed': { path: string; row: string; problem: string; name: string; known: readonly string[] };
  'result-too-new': { path: string; found: number; supported: number };
}

/** The runtime refused or died (exit 4). */
export interface RuntimeErrorDetails {
  'provider-missing': { provider: string; reason: string; cure: string };
  'pin-impossible': { problem: 'system' | 'no-taskset' | 'refused' };
  'session-failed': { model: string; provider: string; problem: string };
  'run-failed': { model: string; provider: string; problem: string };
  'instances-apart': { model: string; instances: number };
  /** A language model whose logits hold NaN. */
  'logits-not-numbers': { model: string };
  'out-of-memory': { model: string; stage: string; problem: string };
  'process-crashed': { model: string; stage: string; signal: string | null; exitCode: number | null };
  'process-timeout': { model: string; stage: string; timeoutMs: number };
  'process-unstartable': { problem: string };
  'browser-died': { model: string; stage: string; what: 'browser' | 'page'; browser: string };
  'adapter-lost': { model: string; stage: string; problem: string };
  'no-node-times': { provider: string };
  'verify-impossible': { model: string; problem: string };
  /** Not even a step on one sample (or on as many as the model takes) fits. */
  'training-too-large': { model: string; batch: number; neededBytes: number; availableBytes: number };
}
