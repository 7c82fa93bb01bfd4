/** Largest finite float16: (2 - 2^-10) * 2^15, IEEE 754. */
export const largestFloat16 = 65_504;

/** Smallest float16 above zero, a subnormal: 2^-24. */
export const smallestFloat16 = 2 ** -24;

/** Smallest float16 with all its digits: 2^-14. */
export const smallestNormalFloat16 = 2 ** -14;
