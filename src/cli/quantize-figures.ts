/** Elements that may share a scale. */
export const blockSizes = ['16', '32', '64', '128', '256'] as const;

/** `accuracy_level` of MatMulNBits. */
export const accuracyLevels = ['0', '1', '4'] as const;
