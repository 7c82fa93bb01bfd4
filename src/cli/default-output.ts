import { extname, join, parse } from 'node:path';

/** `model.onnx` becomes `model.<what>.onnx` beside it. */
export function defaultOutput(model: string, what: string): string {
  const { dir, name } = parse(model);
  return join(dir, `${name}.${what}${extname(model) || '.onnx'}`);
}
