import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preprocess } from '../../src/data/preprocess.ts';
import { dataFolder } from './data-folder.ts';
import { errorOf, type Opening, openTestDataset } from './open-test-dataset.ts';
import { value } from './signatures.ts';

type Pixel = (x: number, y: number) => readonly number[];

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixel: Pixel;
}

function raw({ width, height, pixel }: Picture) {
  const rows = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => pixel(x, y)));
  const channels = pixel(0, 0).length === 1 ? 1 : pixel(0, 0).length === 4 ? 4 : 3;
  return sharp(Uint8Array.from(rows.flat(2)), { raw: { width, height, channels } });
}

const png = (picture: Picture) => raw(picture).png().toBuffer();

const rgb = (height: number | string = 'h', width: number | string = 'w'): Opening['inputs'] => [
  value('x', 'float32', ['batch', 3, height, width]),
];
const asIs: Preprocess = { scale: 1 };

async function first(bytes: Uint8Array, options: Opening) {
  const dataset = await openTestDataset(dataFolder({ 'a.png': bytes }), { preprocess: asIs, ...options });
  const { feeds } = await dataset.read([0]);
  const { dims = [], data = [] } = feeds['x'] ?? {};
  return { dims, values: Array.from(data, Number) };
}

/** Colors that no two pixels share. */
const small: Picture = { width: 3, height: 2, pixel: (x, y) => [10 * x + 100 * y, 1 + x, 200 + y] };

describe('images', () => {
  it('come in the layout that the shape tells, red, green, blue', async () => {
    const bytes = await png(small);
    expect(await first(bytes, { inputs: rgb() })).toEqual({
      dims: [1, 3, 2, 3],
      values: [0, 10, 20, 100, 110, 120, 1, 2, 3, 1, 2, 3, 200, 200, 200, 201, 201, 201],
    });
    const nhwc = [value('x', 'float32', ['batch', 'h', 'w', 3])];
    expect(await first(bytes, { inputs: nhwc })).toEqual({
      dims: [1, 2, 3, 3],
      values: [0, 1, 200, 10, 2, 200, 20, 3, 200, 100, 1, 201, 110, 2, 201, 120, 3, 201],
    });
    const bgr = await first(bytes, { inputs: nhwc, preprocess: { scale: 1, color: 'bgr' } });
    expect(bgr.values.slice(0, 6)).toEqual([200, 1, 0, 200, 2, 10]);
  });

  it('are scaled to [0, 1] and normalized by channel', async () => {
    const bytes = await png({ width: 1, height: 1, pixel: () => [0, 51, 255] });
    const preprocess = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    const { values } = await first(bytes, { inputs: rgb(), preprocess });
    [-0.485 / 0.229, (0.2 - 0.456) / 0.224, (1 - 0.406) / 0.225].forEach((expected, i) =>
      expect(values[i]).toBeCloseTo(expected, 5),
    );
    const plain = await openTestDataset(dataFolder({ 'a.png': bytes }), { inputs: rgb() });
    expect((await plain.read([0])).feeds['x']?.data[2]).toBe(1);
  });

  it('become gray as PIL’s mode L does, for models with one channel or none', async () => {
    const bytes = await png({ width: 2, height: 1, pixel: (x) => (x === 0 ? [255, 0, 0] : [10, 200, 30]) });
    // 0.299 R + 0.587 G + 0.114 B, rounded.
    const gray = [76, 124];
    expect((await first(bytes, { inputs: [value('x', 'float32', ['b', 1, 'h', 'w'])] })).values).toEqual(gray);
    expect(await first(bytes, { inputs: [value('x', 'float32', ['batch', 1, 2])] })).toEqual({
      dims: [1, 1, 2],
      values: gray,
    });
    const whole = [value('x', 'uint8', ['b', 1, 1, 2])];
    expect((await first(bytes, { inputs: whole, preprocess: null })).values).toEqual(gray);
    const one = await png({ width: 2, height: 1, pixel: (x) => [40 * x] });
    expect((await first(one, { inputs: rgb() })).values).toEqual([0, 40, 0, 40, 0, 40]);
  });

  it('lose their transparency', async () => {
    const bytes = await png({ width: 1, height: 1, pixel: () => [9, 8, 7, 0] });
    expect((await first(bytes, { inputs: rgb() })).values).toEqual([9, 8, 7]);
  });

  it('in inks become light as PIL makes it: 255 - ink, times 255 - black', async () => {
    // 8 x 8 pixels of cyan 0, magenta 100, yellow 200, black 50, written by PIL.
    const bytes = Buffer.from(
      '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB' +
        'AQEBAQEBAQEBAQEB/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAoI/8QAFBABAAAAAAAAAAAAAAAA' +
        'AAAAAP/aAA4EQwBNAFkASwAAPwB/C2BtyaH/2Q==',
      'base64',
    );
    for (const side of [8, 4]) {
      const { dims, values } = await first(bytes, { inputs: rgb(side, side) });
      const plane = (level: number) => Array<number>(side * side).fill(level);
      expect({ dims, values }).toEqual({
        dims: [1, 3, side, side],
        values: [...plane(205), ...plane(125), ...plane(44)],
      });
    }
  });

  it('stand upright by their EXIF orientation', async () => {
    const jpeg = await raw({ width: 16, height: 8, pixel: (x) => (x < 8 ? [0, 0, 0] : [255, 255, 255]) })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const { dims, values } = await first(jpeg, { inputs: rgb() });
    expect(dims).toEqual([1, 3, 16, 8]);
    // Orientation 6 is turned a quarter clockwise: what was left is on top.
    expect(values[0]).toBeLessThan(5);
    expect(values[15 * 8]).toBeGreaterThan(250);
  });
});

describe('resizing', () => {
  // Any symmetric filter keeps a linear gradient: pixel i of n from N is its value at (i + 1/2) N / n - 1/2.
  const gradient: Picture = { width: 64, height: 32, pixel: (x, y) => [3 * x, 5 * y, 0] };

  it('keeps a gradient where it was, up and down', async () => {
    const bytes = await png(gradient);
    for (const [height, width] of [
      [16, 32],
      [8, 16],
      [64, 128],
    ] as const) {
      const { dims, values } = await first(bytes, { inputs: rgb(height, width) });
      expect(dims).toEqual([1, 3, height, width]);
      for (let y = 2; y < height - 2; y++) {
        for (let x = 2; x < width - 2; x++) {
          const at = (index: number, step: number) => (index + 0.5) * step - 0.5;
          expect(Math.abs((values[y * width + x] ?? 0) - 3 * at(x, 64 / width))).toBeLessThanOrEqual(1.01);
          const green = values[height * width + y * width + x] ?? 0;
          expect(Math.abs(green - 5 * at(y, 32 / height))).toBeLessThanOrEqual(1.01);
        }
      }
    }
  });

  it.for([
    [{ resize: 16 }, [16, 32]],
    [{ resize: 15 }, [15, 30]],
    [{ resize: [10, 20] }, [10, 20]],
    [{ resize: [10, 40], resizeMode: 'short-side' }, [20, 40]],
    [{ resize: 20, resizeMode: 'stretch' }, [20, 20]],
    [{ resize: 20, resizeMode: 'pad' }, [20, 20]],
    [{ crop: 12 }, [12, 12]],
    [{ resize: 16, crop: [8, 10] }, [8, 10]],
  ] as const)('%j makes %j of 32x64', async ([preprocess, size]) => {
    const { dims } = await first(await png(gradient), { inputs: rgb(), preprocess });
    expect(dims).toEqual([1, 3, ...size]);
  });

  it('crops the center as torchvision does, halves to even, black where there is no image', async () => {
    const bytes = await png({ width: 5, height: 2, pixel: (x, y) => [1 + x + 10 * y, 0, 0] });
    const red = async (crop: readonly [number, number]) =>
      (await first(bytes, { inputs: rgb(), preprocess: { scale: 1, crop } })).values.slice(0, crop[0] * crop[1]);
    expect(await red([2, 3])).toEqual([2, 3, 4, 12, 13, 14]);
    // round(0.5) is 0, round(1.5) is 2.
    expect(await red([1, 4])).toEqual([1, 2, 3, 4]);
    expect(await red([1, 2])).toEqual([3, 4]);
    expect(await red([4, 1])).toEqual([0, 3, 13, 0]);
  });

  it('pads with the gray value given', async () => {
    const bytes = await png({ width: 4, height: 2, pixel: () => [50, 50, 50] });
    const preprocess = { scale: 1, resize: 4, resizeMode: 'pad', fill: 114 } as const;
    const { values } = await first(bytes, { inputs: rgb(), preprocess });
    expect(values.slice(0, 16)).toEqual([...Array(4).fill(114), ...Array(8).fill(50), ...Array(4).fill(114)]);
  });
});

describe('folders of images', () => {
  it('have a class a folder, in the order of their numbers, and none where they are flat', async () => {
    const bytes = await png(small);
    const path = dataFolder({
      '10/a.png': bytes,
      '9/b.PNG': bytes,
      '9/deep/c.png': bytes,
      '9/x.txt': bytes,
      '.h/d.png': bytes,
    });
    const dataset = await openTestDataset(path, { inputs: rgb() });
    expect(dataset).toMatchObject({ size: 3, hasLabels: true, classNames: ['9', '10'] });
    const { labels } = await dataset.read([0, 1, 2]);
    expect(labels).toEqual([0n, 0n, 1n].map((label) => ({ type: 'int64', dims: [], data: BigInt64Array.of(label) })));
    expect([0, 1, 2].map((index) => dataset.originOf(index))).toEqual(
      ['9/b.PNG', '9/deep/c.png', '10/a.png'].map((file) => join(path, file)),
    );
    const flat = await openTestDataset(dataFolder({ 'a.png': bytes }), { inputs: rgb() });
    expect(flat).toMatchObject({ hasLabels: false, classNames: null });
  });

  it('leave out what is hidden and what only has the name of an image, and follow links once', async () => {
    const bytes = await png(small);
    const path = dataFolder({
      'cat/a.png': bytes,
      'cat/._a.png': bytes,
      'cat/.thumbnails/a.png': bytes,
      'cat/Thumbs.db': bytes,
      'cat/far.png/b.png': bytes,
      '.DS_Store': bytes,
      'desktop.ini': bytes,
    });
    symlinkSync(path, join(path, 'cat/round'));
    symlinkSync(join(path, 'cat/a.png'), join(path, 'cat/link.png'));
    symlinkSync(join(path, 'nowhere'), join(path, 'broken'));
    symlinkSync(join(path, 'nowhere'), join(path, 'cat/broken.png'));
    mkdirSync(join(path, 'dog'));
    const dataset = await openTestDataset(path, { inputs: rgb() });
    expect(dataset.classNames).toEqual(['cat', 'dog']);
    const files = Array.from({ length: dataset.size }, (_, index) => dataset.originOf(index));
    expect(files).toEqual(['a.png', 'far.png/b.png', 'link.png'].map((file) => join(path, 'cat', file)));
  });

  it('are refused where images lie beside folders of them, which could mean either', async () => {
    const bytes = await png(small);
    const path = dataFolder({ 'preview.png': bytes, 'cat/a.png': bytes, 'dog/a.png': bytes });
    expect((await errorOf(openTestDataset(path, { inputs: rgb() }))).finding).toMatchObject({
      code: 'data-unsupported',
      details: { path, problem: expect.stringContaining('preview.png lie beside folders of images (cat, dog)') },
    });
    const other = dataFolder({ 'a.png': bytes, 'notes/a.txt': bytes });
    expect(await openTestDataset(other, { inputs: rgb() })).toMatchObject({ size: 1, hasLabels: false });
  });

  it('tell by the header which images may share a batch', async () => {
    const folder = dataFolder({
      '1.png': await png(small),
      '2.png': await png({ ...small, width: 4 }),
      '3.png': await png(small),
    });
    const dataset = await openTestDataset(folder, { inputs: rgb() });
    const keys = await Promise.all([0, 1, 2].map((index) => dataset.shapeKey(index)));
    expect(keys).toEqual(['2x3', '2x4', '2x3']);
    const fixed = await openTestDataset(folder, { inputs: rgb(5, 5) });
    expect(await Promise.all([0, 1].map((index) => fixed.shapeKey(index)))).toEqual(['5x5', '5x5']);
    expect((await fixed.read([0, 1])).feeds['x']?.dims).toEqual([2, 3, 5, 5]);
  });

  it('name the file that is truncated, no image or too large', async () => {
    const whole = await png({ width: 64, height: 64, pixel: (x, y) => [x * y, x ^ y, (x * 7 + y * 13) % 256] });
    const huge = Buffer.from(await png(small));
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    const files = {
      '1.png': whole,
      '2.png': whole.subarray(0, whole.length / 2),
      '3.png': Buffer.from('no'),
      '4.png': huge,
    };
    const path = dataFolder({ ...files, '5.jpg': new Uint8Array() });
    const dataset = await openTestDataset(path, { inputs: rgb(8, 8) });
    for (const [index, file] of ['2.png', '3.png', '4.png', '5.jpg'].entries()) {
      const error = await errorOf(dataset.read([index + 1]));
      expect(error.finding).toMatchObject({ code: 'data-malformed', details: { path: join(path, file) } });
    }
  });

  it('are refused where the model takes no images, or others than these', async () => {
    const path = dataFolder({ 'a.png': await png(small) });
    const open = (inputs: Opening['inputs'], preprocess: Preprocess | null = null) =>
      errorOf(openTestDataset(path, { inputs, preprocess }));
    expect((await open([value('x', 'float32', ['batch', 7])])).code).toBe('data-unsupported');
    expect((await open([value('x', 'bool', ['batch', 3, 'h', 'w'])])).code).toBe('data-type-mismatch');
    expect((await open([...rgb(), value('n', 'int64', ['batch'])])).finding).toMatchObject({
      code: 'data-missing-input',
      details: { input: 'n' },
    });
    expect(await open(rgb(8, 8), { resize: 4 })).toMatchObject({
      code: 'data-shape-mismatch',
      details: { path: join(path, 'a.png'), found: [3, 4, 6] },
      hint: expect.stringContaining('resize'),
    });
    expect((await open([value('x', 'float32', ['b', 1, 'h', 'w'])], { mean: [1, 2, 3] })).code).toBe('bad-value');
    expect((await open([value('x', 'uint8', ['b', 3, 'h', 'w'])], { mean: [1] })).code).toBe('bad-value');
    expect((await open([])).code).toBe('data-unsupported');
    expect((await errorOf(openTestDataset(dataFolder({}), { inputs: rgb() }))).code).toBe('data-missing');
    const other = dataFolder({ 'a.txt': new Uint8Array(1) });
    expect((await errorOf(openTestDataset(other, { inputs: rgb() }))).code).toBe('data-unsupported');
    expect((await errorOf(openTestDataset(join(other, 'no.npz'), { inputs: rgb() }))).code).toBe('file-missing');
  });
});
