import { describe, expect, it } from 'vitest';
import { contextLimit } from '../../src/data/context-limit.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { fixturePath } from '../fixtures/read-fixture.ts';
import { languageDecoder } from '../models/language-models.ts';

const table = (rows: number) => floats([rows, 2], Array<number>(rows * 2).fill(0));

describe('contextLimit', () => {
  it('is what the tables that positions are looked up in hold', () => {
    const opened = openModel(fixturePath('text/decoder.onnx'));
    expect(contextLimit(opened.model)).toBe(256);
    opened.close();
    expect(contextLimit(languageDecoder({ context: 33 }))).toBe(33);
  });

  it('is that of a table with the name of one, where positions are made inside', () => {
    expect(contextLimit(languageDecoder({ context: 33, hasPositions: false }))).toBe(33);
  });

  it('is read off the tables of com.microsoft operators', () => {
    const rotary = new GraphBuilder();
    const x = rotary.input('x', 'float32', ['batch', 1, 4]);
    const positions = rotary.input('position_ids', 'int64', ['batch', 1]);
    const [cosines, sines] = [rotary.constant('cos', table(70)), rotary.constant('sin', table(70))];
    rotary.output(rotary.op('RotaryEmbedding', [x, positions, cosines, sines], { domain: 'com.microsoft' }));
    expect(contextLimit(rotary.model())).toBe(70);

    const grouped = new GraphBuilder();
    const q = grouped.input('q', 'float32', ['batch', 1, 4]);
    const cache = grouped.constant('cos_cache', table(80));
    const inputs = [q, q, q, null, null, null, null, cache, cache];
    grouped.output(grouped.op('GroupQueryAttention', inputs, { domain: 'com.microsoft' }));
    expect(contextLimit(grouped.model())).toBe(80);
  });

  it('is the least of tables and metadata', () => {
    const model = languageDecoder({ context: 33 });
    model.setMetadata([
      { key: 'llama.context_length', value: '20' },
      { key: 'max_position_embeddings', value: 'many' },
    ]);
    expect(contextLimit(model)).toBe(20);
  });

  it('is unknown of other models', () => {
    const g = new GraphBuilder();
    const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
    g.output(g.op('Gather', [g.constant('embed', table(30)), ids]));
    expect(contextLimit(g.model())).toBeNull();
  });
});
