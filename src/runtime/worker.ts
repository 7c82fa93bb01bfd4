import { answerCalls } from './answer-calls.ts';
import { WorkerState } from './worker-state.ts';

/**
 * Entry of the measuring process. `session.run` blocks its thread, so each session has a process of its own that can
 * be killed.
 */
let state: WorkerState | null = null;

answerCalls((request, onAlive) => (state ??= new WorkerState(onAlive)).answer(request));
