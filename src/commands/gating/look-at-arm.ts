import { sessionOptions } from '../../bench/session-options.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { ToldFigures } from './exact-figures.ts';
import { exactFigures } from './exact-figures.ts';
import type { RanArm } from './compare-arms.ts';
import type { GatedFile } from './open-scenarios.ts';
import type { ProbeContext } from './probe-context.ts';
import type { Arm, ProbedArm } from './probe-scenario.ts';

export interface ArmQuestion {
  readonly arm: Arm;
  readonly gated: GatedFile;
  readonly probe: ProbedArm;
  /** Both arms get the same; none where outputs are not to be compared. */
  readonly feeds: readonly NamedTensors[];
  readonly wantsArena: boolean;
}

export interface LookedAtArm {
  readonly ran: RanArm;
  readonly told: ToldFigures;
}

/** One process: what the model returns, and how much of the arena it takes. Throws what loading and running throw. */
export async function lookAtArm(question: ArmQuestion, { context }: ProbeContext): Promise<LookedAtArm> {
  const { probe, feeds, gated } = question;
  const { options, state } = probe;
  const { ep, threads } = state.point;
  const how = sessionOptions(options, { path: gated.file.path, ep, threads });
  const session = await options.runtime.open(how, context.signal);
  try {
    const outputs: NamedTensors[] = [];
    for (const each of feeds) outputs.push((await session.run(each)).outputs);
    const told = await exactFigures(question, session);
    return { ran: { signature: session.signature, outputs }, told };
  } finally {
    await session.close();
  }
}
