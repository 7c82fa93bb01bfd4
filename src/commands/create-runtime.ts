export { createProcessRuntime as createRuntime } from '../runtime/process-runtime.ts';
