import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { openNpz } from '../data/npz.ts';
import { writeNpz } from '../data/write-npz.ts';
import type { CheckpointStore } from '../distill/checkpoint.ts';
import { checkpointOf, checkpointTensors } from '../distill/checkpoint-tensors.ts';
import type { Workplace } from '../onnx/file/workplace.ts';

/** Keeps the checkpoint of a training in one file beside the model that is to be written. */
export function fileCheckpoint(outputPath: string, workplace: Workplace): CheckpointStore {
  const path = `${outputPath}.checkpoint.npz`;
  return {
    path,
    read: async () => {
      if (!existsSync(path)) return null;
      const archive = openNpz(path);
      return checkpointOf((name) => archive.read(name), path);
    },
    write: (checkpoint) => writeNpz(path, checkpointTensors(checkpoint), { workplace }),
    remove: () => rm(path, { force: true }),
  };
}
