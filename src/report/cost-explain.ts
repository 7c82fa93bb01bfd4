import type { CostOption, CostResult } from '../cost/cost-result.ts';
import { busyFact, costFact, fleetFacts, monthFacts } from './cost-explain-fleet.ts';
import { energyFacts, latencyFacts, tokenFacts } from './cost-explain-rest.ts';
import { explainOtherwise } from './cost-explain-otherwise.ts';
import { explainPrice } from './cost-explain-price.ts';
import type { Explained } from './cost-explain-times.ts';
import { serviceMs, throughputText, timeFacts } from './cost-explain-times.ts';
import { fourDigits, isServing, modelName, moneyText, optionName, priceText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { derivedText } from './interval-digits.ts';
import type { Section } from './section.ts';

/** Every formula with the numbers put in: of each model's cheapest option, and of what else could answer. */
export function explainSections(result: CostResult): readonly Section[] {
  const explained = result.models.flatMap((_, modelIndex) => {
    const own = result.options.filter((option) => option.modelIndex === modelIndex);
    const option = own.find(isServing) ?? own[0];
    return option === undefined ? [] : optionSection(result, option);
  });
  return [...explained, ...explainOtherwise(result)];
}

function optionSection(result: CostResult, option: CostOption): readonly Section[] {
  const { curves, load, settings } = result;
  const curve = curves[option.curveIndex];
  if (curve === undefined) return [];
  const explained = { option, curve, load, settings };
  const facts = option.purchase === 'serverless' ? serverlessFacts(explained) : machineFacts(explained);
  const title = `How ${modelName(result, option.modelIndex)} on ${optionName(option)} comes about`;
  return [{ title, blocks: [{ kind: 'facts', facts }] }];
}

function machineFacts(explained: Explained): readonly Fact[] {
  return [
    ...timeFacts(explained),
    { label: 'Throughput', text: throughputText(explained) },
    { label: 'Price', text: explainPrice(explained.option, explained.settings) },
    ...fleetFacts(explained),
    costFact(explained),
    busyFact(explained),
    ...tokenFacts(explained),
    ...monthFacts(explained),
    ...latencyFacts(explained),
    ...energyFacts(explained),
  ];
}

/** GB-seconds follow from the cost: the time of a request and the memory of its replica. */
function serverlessFacts({ option, curve, load, settings: { serverless } }: Explained): readonly Fact[] {
  const { usdPerMillion, usdPerRequest } = option;
  if (serverless === null) return [{ label: 'Cost', text: `${moneyText(usdPerMillion)} per million` }];
  const reaching = 1 - (load?.cacheHit ?? 0);
  const { usdPerGbSecond, usdPerRequest: fee } = serverless;
  const gbSeconds = derivedText((usdPerRequest.value / reaching - fee) / usdPerGbSecond, usdPerMillion);
  const [hits, name] = reaching === 1 ? ['', ''] : [`·${fourDigits(reaching)}`, '·(1 − h)'];
  const numbers = `(${gbSeconds}·${priceText(usdPerGbSecond)} + ${priceText(fee)})${hits}·1e6`;
  return [
    { label: 'Time', text: `τ(1) = ${fourDigits(serviceMs(curve, 1))} ms, one request at a time` },
    { label: 'Cost', text: `(GB·s·$ + fee)${name}·1e6 = ${numbers} = ${moneyText(usdPerMillion)} per million` },
  ];
}
