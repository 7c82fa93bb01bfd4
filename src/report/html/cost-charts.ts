import type { CostOption, CostResult } from '../../cost/cost-result.ts';
import { instanceName, isServing, modelName, moneyText, placeName } from '../cost-words.ts';
import { unitOf } from '../evaluate-units.ts';
import { limitText } from '../estimate-text.ts';
import { formatMs } from '../units.ts';
import type { IntervalRow } from './charts/interval-chart.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { Figure } from './figure.ts';
import { intervalFigure } from './interval-figure.ts';
import type { TradeAxis, TradePoint } from './trade-off.ts';
import { tradeOffFigure } from './trade-off.ts';

/** More rows than this say no more about what is cheap. */
const mostRows = 30;

const costAxis: TradeAxis = {
  title: '$ per million',
  format: (value) => moneyText({ value, low: null, high: null }),
  tick: formatTick,
  fromZero: true,
  better: 'less',
};

/** What is cheap, what the fast cost, and what the accurate cost. */
export function costFigures(result: CostResult): readonly (Figure | null)[] {
  return [costFigure(result), accuracyFigure(result), latencyFigure(result)];
}

function costFigure(result: CostResult): Figure | null {
  const serving = result.options.filter(isServing);
  const shown = (serving.length > 0 ? serving : result.options).slice(0, mostRows);
  return intervalFigure({
    title: 'Cost of a million',
    caption: `The ${shown.length} cheapest options, each with its 95 % interval; diamonds have none. A projection’s interval holds the range that it may be off by.`,
    axisTitle: '$ per million',
    axis: 'value',
    format: formatTick,
    rows: shown.map((option) => costRow(option, result)),
  });
}

function costRow(option: CostOption, result: CostResult): IntervalRow {
  const label = chartName(result, option);
  const { usdPerMillion, basis } = option;
  const note = moneyText(usdPerMillion);
  const tone = option === result.options[result.cheapest ?? -1] ? 'good' : 'plain';
  return { ...usdPerMillion, label, note, tone, allowed: null, text: `${label}: ${note} per million, ${basis}` };
}

/** Short, for a point has little room: its place is told only where one like it stands in another. */
function chartName(result: CostResult, option: CostOption): string {
  const { models, options } = result;
  const place = placeName(option);
  const isElsewhere = options.some((other) => other.instance === option.instance && placeName(other) !== place);
  const parts = [
    models.length > 1 ? modelName(result, option.modelIndex) : '',
    instanceName(option),
    isElsewhere ? place : '',
    option.instance === option.purchase ? '' : option.purchase,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Models by what they cost where they are cheapest; null unless several have the same metric. */
function accuracyFigure(result: CostResult): Figure | null {
  const { alternatives, models, options } = result;
  const metrics = new Set(models.flatMap(({ accuracy }) => accuracy?.metric ?? []));
  const [metric] = metrics;
  if (metric === undefined || metrics.size > 1) return null;
  const points = alternatives.flatMap(({ modelIndex, option }): TradePoint[] => {
    const accuracy = models[modelIndex]?.accuracy;
    const chosen = options[option ?? -1];
    if (accuracy == null || chosen === undefined) return [];
    const name = modelName(result, modelIndex);
    return [{ name, x: chosen.usdPerMillion, y: accuracy.value, isChosen: false }];
  });
  const isHigherBetter = models.some(({ accuracy }) => accuracy?.higherIsBetter === true);
  const unit = unitOf(metric);
  return tradeOffFigure({
    title: `Cost against ${metric}`,
    points,
    x: costAxis,
    y: {
      title: metric,
      format: (value) => limitText(value, unit),
      fromZero: false,
      better: isHigherBetter ? 'more' : 'less',
    },
    chosen: '',
  });
}

/** Options by cost and latency; null where no latency is known. */
function latencyFigure(result: CostResult): Figure | null {
  const { objective, options, cheapest } = result;
  const percentile = `p${objective?.percentile ?? 99}`;
  const points = options.flatMap((option, index): TradePoint[] => {
    if (option.latencyMs === null || option.obstacle?.code === 'cost-overload') return [];
    const { usdPerMillion: x, latencyMs } = option;
    return [{ name: chartName(result, option), x, y: latencyMs.objectiveMs, isChosen: index === cheapest }];
  });
  return tradeOffFigure({
    title: `Cost against ${percentile}`,
    points,
    x: costAxis,
    y: {
      title: `${percentile} ms`,
      format: (value) => formatMs(value),
      tick: formatTick,
      fromZero: true,
      better: 'less',
    },
    chosen: cheapest === null ? '' : 'the cheapest that will do',
  });
}
