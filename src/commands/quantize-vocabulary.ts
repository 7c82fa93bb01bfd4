// The words of the domain that the command line reads flags with.
export { activationTypes, blockAlgorithms, calibrationMethods, methods, targets } from '../quantize/vocabulary.ts';
