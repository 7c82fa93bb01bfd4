import { describe, expect, it } from 'vitest';
import { missingLibraries } from '../../../src/runtime/gpu/missing-libraries.ts';

const file = '/app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so';
const problem = `FAIL : Failed to load library ${file} with error: libcublasLt.so.13: cannot open shared object file`;
/** ldd of the library of onnxruntime 1.30 for CUDA 13, with curand alone installed. */
const listing = `\tlinux-vdso.so.1 (0x00007f2859ac2000)
\tlibcublasLt.so.13 => not found
\tlibcublas.so.13 => not found
\tlibcurand.so.10 => /opt/cuda/lib64/libcurand.so.10 (0x00007f2859aaa000)
\tlibcudart.so.13 => not found
\tlibcuda.so.1 => not found
\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f2859aaa000)`;

describe('missingLibraries', () => {
  it('lists all that the loader would stumble over, and not the first alone', async () => {
    const asked: unknown[] = [];
    const found = await missingLibraries(problem, (...call) => {
      asked.push(call);
      return Promise.resolve(listing);
    });
    expect(asked).toEqual([['ldd', [file]]]);
    expect(found).toEqual(['libcublasLt.so.13', 'libcublas.so.13', 'libcudart.so.13', 'libcuda.so.1']);
  });

  it('asks nothing where no library of a provider failed, and takes silence for an answer', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await missingLibraries('Failed to get a WebGPU adapter', never)).toEqual([]);
    expect(await missingLibraries(problem, () => Promise.resolve(null))).toEqual([]);
  });
});
