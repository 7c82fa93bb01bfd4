import { describe, expect, it } from 'vitest';
import type { GenerationModel } from '../../../src/runtime/generation/generation-model.ts';
import { emptyCache, stepFeeds } from '../../../src/runtime/generation/step-feeds.ts';

const model: GenerationModel = {
  ids: { name: 'input_ids', type: 'int64', fixedLength: null },
  mask: { name: 'attention_mask', type: 'int64' },
  positions: { name: 'position_ids', type: 'int32' },
  types: null,
  branch: null,
  logitsToKeep: null,
  logits: 'logits',
  cache: [],
};

function numbers(feeds: ReturnType<typeof stepFeeds>, name: string) {
  const tensor = feeds[name];
  return tensor === undefined ? null : [tensor.type, tensor.dims, Array.from(tensor.data, Number)];
}

describe('stepFeeds', () => {
  it('numbers the tokens after those of the past, and looks at all of them', () => {
    const feeds = stepFeeds(model, {
      sequences: [
        [1, 2, 3, 7],
        [4, 5, 6, 8],
      ],
      from: 3,
      to: 4,
      padding: 0,
    });
    expect(Object.keys(feeds)).toEqual(['input_ids', 'attention_mask', 'position_ids']);
    expect(numbers(feeds, 'input_ids')).toEqual(['int64', [2, 1], [7, 8]]);
    expect(numbers(feeds, 'attention_mask')).toEqual(['int64', [2, 4], [1, 1, 1, 1, 1, 1, 1, 1]]);
    expect(numbers(feeds, 'position_ids')).toEqual(['int32', [2, 1], [3, 3]]);
  });

  it('hides what fills a text up to a fixed length', () => {
    const feeds = stepFeeds(model, {
      sequences: [
        [5, 6],
        [7, 8],
      ],
      from: 0,
      to: 2,
      padding: 2,
    });
    expect(numbers(feeds, 'input_ids')).toEqual(['int64', [2, 4], [5, 6, 0, 0, 7, 8, 0, 0]]);
    expect(numbers(feeds, 'attention_mask')).toEqual(['int64', [2, 4], [1, 1, 0, 0, 1, 1, 0, 0]]);
    expect(numbers(feeds, 'position_ids')).toEqual(['int32', [2, 4], [0, 1, 0, 0, 0, 1, 0, 0]]);
  });

  it('sets the switch of a merged decoder once there is a past', () => {
    const merged = { ...model, branch: 'use_cache_branch', types: { name: 'types', type: 'int64' as const } };
    const first = stepFeeds(merged, { sequences: [[1, 2]], from: 0, to: 2, padding: 0 });
    const second = stepFeeds(merged, { sequences: [[1, 2, 3]], from: 2, to: 3, padding: 0 });
    expect(numbers(first, 'use_cache_branch')).toEqual(['bool', [1], [0]]);
    expect(numbers(second, 'use_cache_branch')).toEqual(['bool', [1], [1]]);
    expect(numbers(first, 'types')).toEqual(['int64', [1, 2], [0, 0]]);
  });

  it('asks for the last logits alone, and feeds masks of floats and booleans', () => {
    const asked = {
      ...model,
      mask: { name: 'm', type: 'float32' as const },
      logitsToKeep: { name: 'num_logits_to_keep', type: 'int64' as const },
    };
    const feeds = stepFeeds(asked, { sequences: [[9, 1]], from: 1, to: 2, padding: 0 });
    expect(numbers(feeds, 'm')).toEqual(['float32', [1, 2], [1, 1]]);
    expect(numbers(feeds, 'num_logits_to_keep')).toEqual(['int64', [], [1]]);
    const flags = stepFeeds(
      { ...model, mask: { name: 'm', type: 'bool' } },
      { sequences: [[1]], from: 0, to: 1, padding: 1 },
    );
    expect(numbers(flags, 'm')).toEqual(['bool', [1, 2], [1, 0]]);
  });
});

describe('emptyCache', () => {
  it('has no length along the axis that grows, and zeros in states', () => {
    const cache = emptyCache(
      [
        { past: 'past.0', present: 'present.0', type: 'float16', dims: ['batch', 2, 'length', 4] },
        { past: 'state', present: 'next', type: 'float32', dims: ['batch', 3] },
      ],
      2,
    );
    expect(cache['past.0']).toEqual({ type: 'float16', dims: [2, 2, 0, 4], data: new Uint16Array(0) });
    expect(cache['state']).toEqual({ type: 'float32', dims: [2, 3], data: new Float32Array(6) });
  });
});
