/** 1.5 · 2^52: adding and taking it away leaves no bits behind the point. */
const shift = 6755399441055744;

/**
 * Rounds half to even, as QuantizeLinear, DynamicQuantizeLinear and numpy do (ONNX operator specification). For
 * |x| < 2^51; larger numbers are whole already or lose their last bit.
 */
export function roundHalfToEven(x: number): number {
  return x + shift - shift;
}

/** Rounds half away from zero, as C's `roundf` and so onnxruntime's block quantizer does (mlas/lib/q4_dq.cpp). */
export function roundHalfAway(x: number): number {
  return x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5);
}

/** Keeps a number between two bounds. */
export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}
