// The words of the domain that the command line reads flags with.
export { lossNames } from '../distill/loss-kind.ts';
