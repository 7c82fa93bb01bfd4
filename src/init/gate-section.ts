import type { GatedChoice, InitAnswers } from './init-answers.ts';
import { scenarioNames } from './scenario-names.ts';
import { yamlText } from './yaml-text.ts';

export interface GateSectionOptions {
  readonly answers: InitAnswers;
  /** What git calls the base: `origin/main`, or `main` where there is no such remote. */
  readonly baseRef: string;
}

/** Head of a config that is written from nothing. */
export const configHeader = `# Options of \`infer\`; flags win over them. \`infer config schema\` lists every key, \`infer config check\` reads this file.
`;

/** The section \`gate\` of the config, with what it leaves at its defaults told in comments. */
export function gateSection(options: GateSectionOptions): string {
  const { models, budget } = options.answers;
  const names = scenarioNames(models.map(({ path }) => path));
  const scenarios = models.map((model, at) => scenarioText({ model, name: names[at] ?? model.path }, options));
  return `${head(budget)}${scenarios.join('\n')}${metricExamples}`;
}

function head(budget: string): string {
  return `gate:
  # Time to measure in, all scenarios together. The gate says beforehand and afterwards the smallest change that it
  # could have found in it.
  budget: ${yamlText(budget)}
  # Chance of a false alarm of the whole gate.
  alpha: 0.01
  # A fail must repeat in an independent batch, which takes as long again.
  confirm: false
  # What cells that noise left undecided do: warn, fail (exit code 5) or pass.
  onInconclusive: warn
  scenarios:
`;
}

interface NamedModel {
  readonly model: GatedChoice;
  readonly name: string;
}

function scenarioText({ model, name }: NamedModel, { answers, baseRef }: GateSectionOptions): string {
  const { threads, maxDrop } = answers;
  const quality = model.data === null ? qualityHint : qualityText(model.data, maxDrop);
  return `    ${yamlText(name)}:
      model: ${yamlText(model.path)}
      # The same path on the branch that pull requests go to.
      base: ${yamlText(`git:${baseRef}`)}
      # Fewer than the machine has cores: what else runs there disturbs less.
      threads: ${threads}
${dimsText(model)}${quality}`;
}

/** Lengths that are still to be said stand in a comment: whatever was made up would be measured. */
function dimsText({ dims, openDims }: GatedChoice): string {
  const known = pairs(Object.entries(dims));
  const open = pairs(openDims.map((name) => [name, 1]));
  return [
    ...(known === '' ? [] : [`      dim: { ${known} }\n`]),
    ...(open === '' ? [] : [`      # To be said, for nothing tells these lengths:\n      # dim: { ${open} }\n`]),
  ].join('');
}

function pairs(dims: readonly (readonly [string, number])[]): string {
  return dims.map(([name, length]) => `${yamlText(name)}: ${length}`).join(', ');
}

const qualityHint = `      # Outputs must equal the base's. With labeled data the drop in quality is judged instead:
      # quality: { data: samples.npz, maxDrop: 1pt }
`;

function qualityText(data: string, maxDrop: string): string {
  return `      # Judged instead of equal outputs: points of accuracy (pt), or percent of the base's.
      quality:
        data: ${yamlText(data)}
        maxDrop: ${yamlText(maxDrop)}
`;
}

/** In the last scenario: they stand at its depth. */
const metricExamples = `      # Judged by default: median latency within 5 %; file size, parameters, MACs, nodes (a warning) and memory not
      # above the base's. Other tolerances, budgets, severities, and waivers that end by themselves:
      # metrics:
      #   latency-p50: { tolerance: 8%, floor: 0.05ms }
      #   latency-p99: { budget: "<= 20ms", note: what the service promises }
      #   nodes: { severity: fail }
      #   file-size: { waiver: { until: 2030-12-31, reason: larger vocabulary, link: https://example.com/1 } }
`;
