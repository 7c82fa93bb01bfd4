import type { DoctorFindingDetails } from '../../doctor/doctor-finding.ts';
import { count, formatBytes, formatNumber, formatPercent } from '../units.ts';
import { clause, listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

const noisyNow: Sentences<DoctorFindingDetails>['noisy-now'] = (d) => {
  const causes = d.rules.map((rule) => {
    switch (rule) {
      case 'pressure':
        return `tasks waited for a processor ${formatPercent(d.pressureShare ?? 0)} of the time`;
      case 'steal':
        return `the hypervisor took ${formatPercent(d.stealShare ?? 0)} of the processor time`;
      case 'load':
        return `the load average is ${formatNumber(d.loadAverage ?? 0)}`;
    }
  });
  const cure = d.rules.includes('steal') ? 'stop other jobs or use a dedicated machine' : 'stop other jobs';
  return `the machine is busy (${causes.join(', ')}), so timings will vary; ${cure} before measuring`;
};

export const doctorMessages: Sentences<DoctorFindingDetails> = {
  'cpu-provider-broken': (d) => `no model can be run: ${clause(d.reason)}; ${clause(d.cure)}`,
  'quota-below-cores': (d) =>
    `the container may use ${formatNumber(d.quotaCores)} of ${count(d.logicalCores, 'core')}: onnxruntime does not see that quota, ` +
    `so keep --threads × --instances within ${d.usableCores} or it is throttled`,
  'affinity-below-cores': (d) =>
    `this process is bound to ${d.affinityCores} of ${count(d.logicalCores, 'core')} (taskset or cpuset): onnxruntime's own choice of threads may exceed that`,
  'noisy-now': noisyNow,
  'powersave-governor': (d) =>
    `the clock governor is ${d.governor}, so short runs may be slower and vary; for steady timings run \`cpupower frequency-set -g performance\``,
  'no-avx2': (d) =>
    `${d.model} shows no AVX2, so onnxruntime falls back to its slow kernels; on a virtual machine pass the host's processor through`,
  'no-int8-dot-product': (d) =>
    d.arch === 'x64'
      ? 'the processor has no VNNI: int8 models gain less here, and 8-bit weights may saturate unless quantized with a reduced range'
      : 'the processor has no 8-bit dot product (asimddp): int8 models gain little here',
  'low-memory': (d) =>
    d.limitBytes === d.availableBytes
      ? `the container's limit is ${formatBytes(d.limitBytes)}, so larger models may be killed; raise it`
      : `only ${formatBytes(d.availableBytes)} of memory is free, so larger models may be killed; end other programs`,
  'gpu-unused': (d) => `${listOf(d.gpus)} cannot be used through cuda: ${clause(d.reason)}; ${clause(d.cure)}`,
  'tensorrt-limited': (d) =>
    `through Node ${d.provider} reads deviceId only: it computes in FP32 and builds its engine anew in each session; for more use trtexec`,
  'unknown-facts': (d) => `this system does not tell: ${listOf(d.facts)}`,
};
