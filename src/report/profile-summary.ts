import type { ProfileResult } from '../profile/profile-result.ts';
import type { Fact } from './fact.ts';
import { intervalText } from './interval-digits.ts';
import { describeFinding } from './messages/message.ts';
import { describeRemedy } from './messages/profile-remedies.ts';
import { comparedSections } from './profile-compared.ts';
import { profileFacts } from './profile-facts.ts';
import { kernelsSection } from './profile-kernels.ts';
import { nodesSection } from './profile-nodes.ts';
import { operatorsSection } from './profile-operators.ts';
import { rooflineSection } from './profile-roofline.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import type { View } from './view.ts';

/** What is said of a profile, in any format. */
export interface ProfileSummary {
  readonly heading: string;
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

export function profileSummary(result: ProfileResult, view: View): ProfileSummary {
  const sections = [
    operatorsSection(result, view),
    kernelsSection(result, view),
    ...(view.details ? [nodesSection(result)] : []),
    rooflineSection(result),
    remediesSection(result),
    ...comparedSections(result, view),
  ];
  return {
    heading: headingOf(result),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
    facts: profileFacts(result),
    warnings: result.warnings.map(describeFinding),
  };
}

/** `model.onnx on cpu: 16.3 [15.9, 16.7] ms` */
function headingOf({ model, ep, latencyMs, interrupted }: ProfileResult): string {
  const of = shortName(`${model.path} on ${ep}`, longestPath);
  return `${of}: ${intervalText(latencyMs)} ms${interrupted ? ' (interrupted)' : ''}`;
}

const longestPath = 200;

function remediesSection({ remedies, kernels }: ProfileResult): Section {
  const facts = remedies.map(describeRemedy).map(({ title, text }) => ({ label: title, text }));
  const nothing = { kind: 'note', text: 'Nothing stands out.' } as const;
  if (kernels.length === 0) return { title: 'What would help', blocks: [] };
  return { title: 'What would help', blocks: facts.length === 0 ? [nothing] : [{ kind: 'facts', facts }] };
}
