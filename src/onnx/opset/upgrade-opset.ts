import { ModelError, UsageError } from '../../errors.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import { irVersionFor } from '../graph-builder.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { inferTypes } from '../shape/infer-types.ts';
import { allGraphsOf } from '../traverse.ts';
import { hasOperator } from './known-operators.ts';
import type { ChangeScope } from './operator-change.ts';
import { changesOf } from './operator-changes.ts';

/** Before, many operators had attributes that nobody reads any more, and models of that age are hardly met. */
const oldest = 6;

/** The newest version whose changes are known here. */
const newest = 25;

/** A graph, with the graphs inside it, that imports its own version of the standard operator set. */
interface Unit {
  readonly root: Graph;
  readonly from: number;
  readonly scope: ChangeScope;
  /** Operators that the model itself defines under the standard domain. */
  readonly own: ReadonlySet<string>;
}

/**
 * Upgrades the standard operator set, 6 or later, to `target`, at most 25: in the main graph and in the bodies of
 * functions, with all their subgraphs. Other operator sets stay as they are. Raises the IR version to what the operator
 * set needs. Nothing is changed unless everything can be.
 *
 * Some rewrites want constants: initializers that are inputs as well (IR version 3) are none, so these are taken off
 * the inputs first (`removeInitializersFromInputs`).
 *
 * `path` names the model in errors. `apply` throws UsageError `bad-value` for a target older than the model or newer
 * than 25, ModelError `opset-unsupported` for a node that has no equal at the target.
 */
export function upgradeOpset(target: number, path: string): PurePass {
  return {
    name: 'upgrade-opset',
    apply(model) {
      checkTarget(target, model);
      const units = unitsOf(model, target);
      if (units.length === 0) return false;
      for (const unit of units) checkUnit(unit, path);
      for (const unit of units) upgrade(unit);
      if (model.opset < target) model.setOpset('', target);
      const functions = model.functions.map((definition) => withOpset(definition, target));
      if (model.functions.length > 0) model.setFunctions(functions);
      model.setIrVersion(Math.max(model.irVersion, irVersionFor(target)));
      return true;
    },
  };
}

function checkTarget(target: number, { opset }: Model): void {
  if (Number.isInteger(target) && target >= opset && target <= newest) return;
  const expected =
    opset <= newest
      ? `a whole number from the model's own ${opset} to ${newest}`
      : `no other than the model's own ${opset}, which is newer than ${newest}, the newest that is known`;
  throw new UsageError('bad-value', { flag: '--opset', value: String(target), expected });
}

function unitsOf(model: Model, target: number): readonly Unit[] {
  const standard = model.functions.filter(({ domain }) => domain === '' || domain === 'ai.onnx');
  const own = new Set(standard.map(({ name }) => name));
  const types = inferTypes(model);
  const units = [
    { root: model.graph, from: model.opset, scope: { target, types, inFunction: false }, own },
    ...model.functions.map((definition) => ({
      root: definition.body,
      from: opsetOf(definition),
      scope: { target, types, inFunction: true },
      own,
    })),
  ];
  return units.filter(({ from }) => from < target);
}

/** Nothing to import means nothing to upgrade. */
function opsetOf({ opsets }: FunctionDefinition): number {
  return opsets.get('') ?? opsets.get('ai.onnx') ?? Infinity;
}

function withOpset(definition: FunctionDefinition, target: number): FunctionDefinition {
  if (opsetOf(definition) >= target) return definition;
  const opsets = new Map(definition.opsets);
  opsets.set(opsets.has('ai.onnx') ? 'ai.onnx' : '', target);
  definition.body.touch();
  return { ...definition, opsets, origin: null };
}

function* standardNodes({ root, own }: Unit): Generator<Node, void, undefined> {
  for (const graph of allGraphsOf(root)) {
    for (const node of graph.nodes()) if (node.is(node.op) && !own.has(node.op)) yield node;
  }
}

function checkUnit(unit: Unit, path: string): void {
  const { from, scope } = unit;
  for (const node of standardNodes(unit)) {
    const problem = from < oldest ? `versions before ${oldest} are not known` : problemOf(node, unit);
    if (problem === null) continue;
    const details = { path, operator: node.op, node: labelOf(node), from, to: scope.target, problem };
    throw new ModelError('opset-unsupported', details);
  }
}

function problemOf(node: Node, { from, scope }: Unit): string | null {
  if (!hasOperator(node.op, from)) return `opset ${from} has no such operator`;
  for (let version = from + 1; version <= scope.target; version++) {
    for (const change of changesOf(node.op, version)) {
      const problem = change.problem?.(node, scope) ?? null;
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** A version at a time: what one of them puts in is upgraded by the next ones, too. */
function upgrade(unit: Unit): void {
  const { from, scope } = unit;
  for (let version = from + 1; version <= scope.target; version++) {
    for (const node of standardNodes(unit)) for (const change of changesOf(node.op, version)) change.apply(node, scope);
  }
}

function labelOf(node: Node): string {
  return node.name === '' ? (node.outputs.find((value) => value !== null)?.name ?? '') : node.name;
}
