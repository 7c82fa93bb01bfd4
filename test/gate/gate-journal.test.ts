import { describe, expect, it } from 'vitest';
import type { GateIdentity, JournalHeader } from '../../src/gate/gate-journal.ts';
import { identityDifferences, journalLine, parseJournal } from '../../src/gate/gate-journal.ts';
import { RecordedBlocks } from '../../src/gate/recorded-blocks.ts';
import { ruleOf, sketchBlock } from './scenario-sketch.ts';

const identity: GateIdentity = {
  fingerprint: 'here',
  settings: { alpha: 0.01, seed: 0, budgetMs: 1, maxPairs: 9, confirm: false, optimization: 'all' },
  scenarios: [{ name: 'a', base: '0', head: '1', conditions: '{}', rules: [ruleOf('latency-p50')] }],
};

const header: JournalHeader = {
  kind: 'gate-journal',
  version: 1,
  identity,
  blockPlan: { effort: 1, rounds: 9, runs: 30, minMs: 500, warmUpMs: 200, isHard: true, estimatedMs: 9 },
  costs: [{ scenario: 'a', arm: 'head', overheadMs: 1, runMs: 1 }],
};
const block = sketchBlock({ arm: 'head', pair: 0 });
const text =
  journalLine(header) +
  journalLine({ kind: 'block', scenario: 'a', block, tookMs: 9 }) +
  journalLine({ kind: 'plan', pairs: 9, looks: [9] });

describe('a journal', () => {
  it('is read back as it was written', () => {
    expect(parseJournal(text)).toEqual({
      header,
      plan: { pairs: 9, looks: [9] },
      blocks: [{ scenario: 'a', block, tookMs: 9 }],
    });
  });

  it('loses no more than its last line when it is cut off, wherever that is', () => {
    const headerLength = journalLine(header).length;
    for (let length = headerLength; length <= text.length; length += 7) {
      const journal = parseJournal(text.slice(0, length));
      expect('problem' in journal).toBe(false);
    }
    expect(parseJournal(text.slice(0, headerLength - 1))).toHaveProperty('problem');
  });

  it.each([
    ['', /first line/],
    ['{"kind":"bench"}\n', /first line/],
    [`${journalLine(header)}{"kind":"block"}\n`, /line 2/],
    [`${text}not json\n`, /line 4/],
  ])('says what is none: %#', (bad, problem) => {
    expect(parseJournal(bad)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('the gate of a journal', () => {
  it('is the same, or it is told what differs', () => {
    expect(identityDifferences(identity, structuredClone(identity))).toEqual([]);
    const [scenario] = identity.scenarios;
    const other = {
      fingerprint: 'there',
      settings: { ...identity.settings, alpha: 0.05 },
      scenarios: [
        { name: 'a', base: '9', head: '1', conditions: '{}', rules: [ruleOf('latency-p50', { tolerance: 0.1 })] },
        { ...scenario, name: 'b', base: null, head: '2', conditions: '{}', rules: [] },
      ],
    };
    expect(identityDifferences(identity, other)).toEqual([
      'the machine',
      'alpha',
      'base of a',
      'rules of a',
      'scenario b',
    ]);
  });
});

describe('recorded blocks', () => {
  it('count in whole pairs alone', () => {
    const recorded = [
      { scenario: 'a', block: sketchBlock({ arm: 'head', pair: 0, order: 0 }), tookMs: 9 },
      { scenario: 'a', block: sketchBlock({ arm: 'base', pair: 0, order: 1 }), tookMs: 9 },
      { scenario: 'a', block: sketchBlock({ arm: 'base', pair: 1, order: 2 }), tookMs: 9 },
      { scenario: 'b', block: sketchBlock({ arm: 'head', pair: 0, order: 3 }), tookMs: 9 },
    ];
    const blocks = new RecordedBlocks(recorded, (name) => (name === 'a' ? ['base', 'head'] : ['head']));
    expect(blocks.count).toBe(3);
    expect(blocks.nextOrder).toBe(4);
    expect(blocks.find('a', { arm: 'base', pair: 1, batch: 'main' })).toBeNull();
    expect(blocks.find('a', { arm: 'base', pair: 0, batch: 'confirm' })).toBeNull();
    expect(blocks.find('b', { arm: 'head', pair: 0, batch: 'main' })).toMatchObject({ block: { order: 3 } });
    expect(new RecordedBlocks([], () => []).nextOrder).toBe(0);
  });
});
