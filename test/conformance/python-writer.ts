import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const script = `
import os, sys, onnx
for name in sorted(os.listdir(sys.argv[1])):
    if name.startswith('generated-'):
        onnx.save(onnx.load(os.path.join(sys.argv[1], name)), os.path.join(sys.argv[2], name))
`;

/**
 * Loads and saves every model of a folder with Python's onnx, where the variable PYTHON names one that has it. Returns
 * the paths of what it wrote: another writer's bytes for the same models.
 */
export function savedByPython(folder: string): readonly string[] {
  const python = process.env['PYTHON'];
  if (python === undefined) return [];
  const target = join(folder, 'python');
  mkdirSync(target);
  execFileSync(python, ['-c', script, folder, target], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readdirSync(target).map((name) => join(target, name));
}
