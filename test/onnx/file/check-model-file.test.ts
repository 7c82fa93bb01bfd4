import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { InferError } from '../../../src/errors.ts';
import type { Finding } from '../../../src/errors.ts';
import { checkModelFile } from '../../../src/onnx/file/check-model-file.ts';
import { addModel, linearModel, loopModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** Code and details of what is wrong with the file at a path; null for nothing. Anything but our errors is thrown on. */
function problemAt(path: string): Finding | null {
  try {
    checkModelFile(path);
    return null;
  } catch (error) {
    if (error instanceof InferError) return error.finding;
    throw error;
  }
}

const problemOf = (content: Uint8Array | string) => problemAt(files.write('model.onnx', content));
const text = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))));

/** Ends of the top-level fields, by protobuf's own reader, and where the graph (field 7) ends. */
function fieldsOf(model: Uint8Array): { ends: ReadonlySet<number>; graphEnd: number } {
  const reader = new BinaryReader(model);
  const ends = new Set<number>();
  let graphEnd = Infinity;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    reader.skip(wireType, field);
    ends.add(reader.pos);
    if (field === 7) graphEnd = reader.pos;
  }
  return { ends, graphEnd };
}

describe('checkModelFile', () => {
  it.each([
    ['add', addModel()],
    ['linear', linearModel()],
    ['loop', loopModel(3n)],
  ])('accepts a model (%s)', (_, model) => {
    expect(problemOf(model)).toBeNull();
  });

  it.each([
    ['add', addModel()],
    ['linear', linearModel()],
  ])('refuses a model cut off anywhere but after a whole field (%s)', (_, model) => {
    const { ends, graphEnd } = fieldsOf(model);
    expect(graphEnd).toBeLessThan(model.length);
    for (let length = 1; length < model.length; length++) {
      const code = problemOf(model.subarray(0, length))?.code ?? null;
      const cut = ends.has(length) ? 'model-not-onnx' : 'model-truncated';
      const expected = ends.has(length) && length >= graphEnd ? [null] : [cut, 'model-not-onnx'];
      expect(expected, `cut at ${length}`).toContain(code);
    }
  });

  it('says where a cut-off model ends and how much is missing', () => {
    const model = linearModel();
    const { graphEnd } = fieldsOf(model);
    const problem = problemOf(model.subarray(0, graphEnd - 10));
    expect(problem).toMatchObject({ code: 'model-truncated', details: { sizeBytes: graphEnd - 10 } });
    expect(JSON.stringify(problem)).toContain(', 10 of them are missing');
  });

  it('reads past a body without looking into it', () => {
    // A graph of 1 MB of zeros, then a fixed64, a fixed32 and a varint of fields to come.
    const graph = Buffer.concat([text(0x3a, 0x80, 0x80, 0x40), Buffer.alloc(2 ** 20)]);
    const later = text(0x91, 0x03, '12345678', 0x95, 0x03, '1234', 0x90, 0x03, 0xff, 0x01);
    expect(problemOf(Buffer.concat([text(0x08, 8), graph, later]))).toBeNull();
    expect(problemOf(Buffer.concat([text(0x08, 8), graph, text(0x91, 0x03, '1234567')]))?.code).toBe('model-truncated');
    expect(problemOf(Buffer.concat([text(0x08, 8), graph, text(0x95, 0x03, '123')]))?.code).toBe('model-truncated');
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['JPEG', text(0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 'JFIF', 0), /JPEG/],
    ['PNG', text(0x89, 'PNG\r\n', 0x1a, '\n'), /PNG/],
    ['zip', text('PK', 3, 4, 20, 0, 0, 0), /zip/],
    ['gzip', text(0x1f, 0x8b, 8, 0), /gzip/],
    ['PDF', text('%PDF-1.7\n'), /PDF/],
    ['HDF5', text(0x89, 'HDF\r\n', 0x1a, '\n'), /HDF5/],
    ['Git LFS', text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'), /git lfs pull/],
    ['GGUF', text('GGUF', 3, 0, 0, 0), /GGUF/],
    ['HTML', text('<!DOCTYPE html><html><body>404 Not Found</body></html>'), /HTML/],
    ['JSON', text('{"error": "not found"}'), /JSON/],
    ['TensorFlow Lite', text(0x1c, 0, 0, 0, 'TFL3', 0x14, 0), /TensorFlow Lite/],
    ['Python', text('import torch\n\nclass Net(torch.nn.Module):\n    pass\n'), /text/],
    ['Markdown', text('\n# Model zoo\n\n- resnet\n'), /text/],
    ['NumPy', text(0x93, 'NUMPY', 1, 0), /unknown/],
    ['zeros', new Uint8Array(100), /unknown/],
    ['a message without a graph', text(0x08, 8, 0x12, 2, 'me'), /without a graph/],
  ])('knows %s when it sees it', (_, content, looksLike) => {
    expect(problemOf(content)).toMatchObject({
      code: 'model-not-onnx',
      details: { looksLike: expect.stringMatching(looksLike) },
    });
  });

  it('refuses a file that is empty, missing or a folder', () => {
    expect(problemOf('')?.code).toBe('model-empty');
    expect(problemAt(join(files.folder, 'nowhere.onnx'))).toMatchObject({
      code: 'file-missing',
      details: { what: 'model' },
    });
    expect(problemAt(files.folder)?.code).toBe('is-directory');
  });

  it('refuses a path that leads nowhere', () => {
    const file = files.write('file.onnx', addModel());
    expect(problemAt(join(file, 'model.onnx'))?.code).toBe('file-missing');
    expect(problemAt(join(files.folder, 'x'.repeat(300)))?.code).toBe('file-unreadable');
    const loop = join(files.folder, 'loop.onnx');
    symlinkSync(loop, loop);
    expect(problemAt(loop)?.code).toBe('file-unreadable');
  });

  it('never crashes on random bytes, nor on a model with some of its bytes changed', () => {
    const codes = ['model-empty', 'model-not-onnx', 'model-truncated', undefined];
    const model = linearModel();
    const changes = fc.array(fc.record({ at: fc.nat(model.length - 1), byte: fc.nat(255) }), { maxLength: 6 });
    const damaged = changes.map((list) => {
      const copy = Uint8Array.from(model);
      for (const { at, byte } of list) copy[at] = byte;
      return copy;
    });
    const anything = fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged);
    fc.assert(
      fc.property(anything, (content) => {
        expect(codes).toContain(problemOf(content)?.code);
      }),
      { numRuns: 400 },
    );
  });
});
