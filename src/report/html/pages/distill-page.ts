import type { DistillResult } from '../../../distill/distill-result.ts';
import { distillSummary } from '../../distill-summary.ts';
import { formatNumber } from '../../units.ts';
import { curveChart } from '../charts/curve-chart.ts';
import type { Curve } from '../charts/curve-panel.ts';
import { legendEntry } from '../charts/series-symbol.ts';
import type { Figure } from '../figure.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** Whether the student got better, and how its losses went. */
export function distillPage(result: DistillResult): Page {
  const { heading, verdict, figures, epochs, facts, warnings } = distillSummary(result, wholeView);
  return {
    kind: 'distill',
    heading,
    lead: [verdict],
    sections: [
      { title: 'Figures', blocks: [{ kind: 'grid', columns: figures, more: null }] },
      ...figureSection('Training', [lossFigure(result)]),
      ...(epochs === null ? [] : [{ title: 'Epochs', blocks: [{ kind: 'grid', ...epochs } as const] }]),
    ],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}

type Epoch = DistillResult['epochs'][number];

function lossFigure({ epochs }: DistillResult): Figure | null {
  const finite = epochs.filter(
    ({ trainLoss, heldOutLoss }) => Number.isFinite(trainLoss) && Number.isFinite(heldOutLoss),
  );
  if (finite.length < 2) return null;
  const curves = [
    lossCurve(
      'training',
      0,
      finite.map((epoch) => ({ epoch, loss: epoch.trainLoss })),
    ),
    lossCurve(
      'held-out',
      1,
      finite.map((epoch) => ({ epoch, loss: epoch.heldOutLoss })),
    ),
  ];
  const description = `Loss over ${finite.length} epochs, in training and held-out. The numbers are in the table below.`;
  return {
    title: 'Loss over epochs',
    caption: 'A held-out loss that rises while that of training falls is overfitting.',
    drawings: curveChart({
      panels: [{ title: '', description, curves }],
      xTitle: 'epoch',
      yTitle: 'loss',
      isSteady: true,
    }),
    legend: curves.map(({ name, index }) => legendEntry(name, index)),
    data: {
      header: ['epoch', 'training loss', 'held-out loss'],
      rows: finite.map(({ epoch, trainLoss, heldOutLoss }) => [epoch, trainLoss, heldOutLoss]),
    },
    more: null,
  };
}

function lossCurve(
  name: string,
  index: number,
  losses: readonly { readonly epoch: Epoch; readonly loss: number }[],
): Curve {
  const points = losses.map(({ epoch: { epoch }, loss }) => {
    const text = `epoch ${epoch}: ${name} loss ${formatNumber(loss)}`;
    return { x: epoch, y: loss, low: null, high: null, text };
  });
  return { name, index, points };
}
