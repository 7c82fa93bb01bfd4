import { parseWorkflow } from '../../../src/cost/workflow/parse-workflow.ts';
import { drawerOf } from '../../../src/cost/workflow/spread.ts';
import type { StepServer } from '../../../src/cost/workflow/step-server.ts';
import type { Workflow, WorkflowStep } from '../../../src/cost/workflow/workflow.ts';
import { exact } from '../whatif/sketch-option.ts';

/** A workflow of steps as they are written in a file. */
export function sketchWorkflow(...steps: readonly object[]): Workflow {
  return parseWorkflow(JSON.stringify({ steps }), 'agent.yaml');
}

/** Serves a step in the time that the file tells, and charges $1 a call. */
export function sketchServer(step: WorkflowStep, changes: Partial<StepServer> = {}): StepServer {
  const { latencyMs } = step;
  return {
    serves: 'somebody',
    priceDate: null,
    usdPerCall: exact(1),
    usdPerInputToken: exact(0),
    usdPerOutputToken: exact(0),
    time: latencyMs && { drawer: (random) => drawerOf(latencyMs, random), low: 1, high: 1 },
    ...changes,
  };
}

export function sketchServers({ steps }: Workflow): readonly StepServer[] {
  return steps.map((step) => sketchServer(step));
}
