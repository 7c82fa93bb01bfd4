import { describe, expect, it } from 'vitest';
import { modelLabels } from '../../src/report/model-labels.ts';
import { nearestName } from '../../src/report/nearest-name.ts';
import { wrapText } from '../../src/report/wrap-text.ts';

describe('nearestName', () => {
  const providers = ['cpu', 'webgpu', 'cuda', 'tensorrt'];
  it.each([
    ['cuad', 'cuda'],
    ['CUDA', 'cuda'],
    ['webgup', 'webgpu'],
    ['tensort', 'tensorrt'],
    ['cpuu', 'cpu'],
    ['quantum', null],
  ])('%s is near %s', (value, nearest) => expect(nearestName(value, providers)).toBe(nearest));

  it('knows nothing when nothing is known', () => expect(nearestName('x', [])).toBeNull());
});

describe('modelLabels', () => {
  it('uses base names', () => expect(modelLabels(['a/x.onnx', './b/y.onnx'])).toEqual(['x.onnx', 'y.onnx']));

  it('adds as many folders as tell models apart', () =>
    expect(modelLabels(['r/a/m.onnx', 'r/b/m.onnx', 'z.onnx'])).toEqual(['a/m.onnx', 'b/m.onnx', 'z.onnx']));

  it('numbers the same path given twice', () =>
    expect(modelLabels(['m.onnx', 'm.onnx'])).toEqual(['m.onnx #1', 'm.onnx #2']));

  it('cuts the middle of long names, keeping both ends', () => {
    const [label = ''] = modelLabels([`start-${'x'.repeat(60)}-int8.onnx`]);
    expect([...label]).toHaveLength(40);
    expect(label).toMatch(/^start-x+…x+-int8\.onnx$/);
  });

  it('lets no control character through', () => expect(modelLabels(['a\u001b[31m.onnx'])).toEqual(['a?[31m.onnx']));
});

describe('wrapText', () => {
  it('breaks at spaces and loses no word', () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
    const lines = wrapText(words.join(' '), 50);
    expect(lines.every((line) => line.length <= 50)).toBe(true);
    expect(lines.join(' ')).toBe(words.join(' '));
  });
});
