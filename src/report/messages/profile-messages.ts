import type { ProfileWarning } from '../../profile/profile-warning.ts';
import { count, formatPercent, formatWhole } from '../units.ts';
import type { Sentences } from './sentences.ts';

type ProfileWarningDetails = { readonly [W in ProfileWarning as W['code']]: W['details'] };

export const profileWarningMessages: Sentences<ProfileWarningDetails> = {
  'profile-cut-off': (d) =>
    `blocks have ${count(d.runs, 'profiled run')} instead of ${formatWhole(d.wanted)}, for one run has ${count(d.eventsPerRun, 'kernel')}; for narrower intervals give more --rounds`,
  'no-kernels': (d) =>
    `the profile tells of no kernel on ${d.ep}: nothing is left of the model once it is loaded, or the provider does not tell; look at it with infer inspect, or try another --ep`,
  'low-coverage': (d) =>
    `kernels take only ${formatPercent(d.coverage)} of a profiled run, and writing the profile ${formatPercent(d.writingShare)}: the rest is the runtime’s, between the kernels of a small model or of one in many pieces; do not trust small shares, or profile a larger --batch`,
  'graph-unreadable': (d) =>
    `${d.model}: the runtime cannot write down what it made of the model, so kernels may lack nodes of the file, and nodes the kernel that they went into; profile it with --ep cpu to see them`,
  'kernels-unattributed': (d) =>
    `no node of the file was found for ${count(d.kernels, 'kernel')} with ${formatPercent(d.share)} of the time; ${d.kernels === 1 ? 'it goes by its own name' : 'they go by their own names'}`,
  'fell-back': (d) =>
    `${count(d.kernels, 'kernel')} with ${formatPercent(d.share)} of the time ran on ${d.provider} instead of ${d.ep}; replace ${d.kernels === 1 ? 'its operator' : 'their operators'}, or compare with --compare cpu`,
  'no-roofs': (d) =>
    `what the machine reaches at best could not be measured (${d.problem}), so nothing tells what holds kernels back; run it again, or leave it out with --no-roofs`,
  'models-unrelated': (d) =>
    `${d.other} is no variant of ${d.model}: of ${count(d.nodes, 'node')} ${d.pairs === 0 ? 'none has' : `${formatWhole(d.pairs)} ${d.pairs === 1 ? 'has' : 'have'}`} a counterpart; compare their operators and latencies, not their nodes`,
  'few-rounds': (d) =>
    `${count(d.rounds, 'round')} of the ${formatWhole(d.wanted)} that intervals need ${d.rounds === 1 ? 'was' : 'were'} finished; run it to the end, or with a longer --budget`,
};
