import type { GateCell, GateResult } from '../../src/gate/gate-result.ts';
import { environment } from './fixture-bench-result.ts';
import { cell, gateResult, inScenario, latencyFail, passedCase, scenario } from './gate-cases.ts';

/** Names that want to be markup, commands or control sequences. */
export const hostileName =
  '<script>alert("1")</script>\n::error::|x|`y`%0A%25 \u001B[31mred\u001B[0m\u0000 \uD800 @everyone, [a](b) \'q\' ]]> &amp;';

export function hostileCase(): GateResult {
  const own = inScenario(hostileName, [
    cell({
      metric: 'outputs',
      verdict: 'fail',
      note: hostileName,
      owner: hostileName,
      reason: { code: 'outputs-unlike', details: { output: hostileName, base: '[1, 2]', head: hostileName } },
    }),
    cell({
      metric: 'nodes',
      base: 1,
      head: 2,
      verdict: 'waived',
      waived: 'fail',
      waiver: { until: '2025-12-31', reason: hostileName, link: hostileName },
      reason: { code: 'worse', details: { change: 1, allowed: 0 } },
    }),
  ]);
  const model = { ref: hostileName, sha256: 'c'.repeat(64), sizeBytes: 1, commit: null, dirty: null };
  return gateResult({
    verdict: 'fail',
    environment: { ...environment, cpu: { ...environment.cpu, model: hostileName } },
    scenarios: [
      scenario({ name: hostileName, owner: hostileName, base: model, head: model, dims: { [hostileName]: 3 } }),
    ],
    cells: own,
    warnings: [{ code: 'same-model', details: { scenario: hostileName } }],
    replayOf: hostileName,
  });
}

/** Far more cells than anybody reads. */
export function manyCase(scenarios: number, verdict: GateCell['verdict']): GateResult {
  const names = Array.from({ length: scenarios }, (_, index) => `scenario ${index}`);
  const { cells } = passedCase();
  return gateResult({
    verdict: verdict === 'fail' ? 'fail' : 'pass',
    scenarios: names.map((name) => scenario({ name, blocks: [] })),
    cells: names.flatMap((name) => inScenario(name, [{ ...latencyFail, verdict }, ...cells.slice(1)])),
  });
}
