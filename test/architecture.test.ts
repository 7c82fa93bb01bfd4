import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => {
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8');
    return { path: relative(root, file), text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  });

/** Where only arguments tell the time, the chance and the machine. */
const domains = [
  'bench',
  'cost',
  'distill',
  'doctor',
  'evaluate',
  'gate',
  'init',
  'inspect',
  'optimize',
  'profile',
  'prune',
  'quantize',
  'compute',
  'data',
  'stats',
  'onnx',
  'result',
  'report',
];
const domainSources = sources.filter(({ path }) => domains.includes(path.split('/')[1] ?? ''));

/** Every node of a file that a rule objects to, as `file:line: text`. Comments and strings are no nodes. */
function objections(files: readonly Source[], isBad: (node: ts.Node) => boolean): readonly string[] {
  return files.flatMap(({ path, tree }) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (isBad(node)) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${path}:${line + 1}: ${node.getText().split('\n')[0]}`);
      }
      node.forEachChild(visit);
    };
    visit(tree);
    return found;
  });
}

/** `object.member` and `object['member']`; any member when none is given. */
function readsMember(node: ts.Node, object: string, member?: string): boolean {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  if (node.expression.getText() !== object) return false;
  const read = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  return member === undefined || (ts.isStringLiteral(read) || ts.isIdentifier(read) ? read.text === member : false);
}

describe('files', () => {
  it('are found', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(new Set(domainSources.map(({ path }) => path.split('/')[1]))).toEqual(new Set(domains));
  });

  it('have at most 250 lines', () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
  });

  it('are named in kebab-case', () => {
    expect(sources.filter(({ path }) => !/^src\/([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path))).toEqual([]);
  });

  it('export by name only', () => {
    const isDefault = (node: ts.Node) =>
      ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword ? !isInSwitch(node) : false;
    expect(objections(sources, isDefault)).toEqual([]);
  });
});

/** `default:` of a switch is the same keyword. */
function isInSwitch(node: ts.Node): boolean {
  return ts.isDefaultClause(node.parent);
}

describe('domain folders', () => {
  it.each(['console.*', 'process.*', 'globalThis.*', 'Date.now', 'performance.now', 'Math.random', 'crypto.*'])(
    'never read %s',
    (banned) => {
      const [object = '', member] = banned.split('.');
      const isBad = (node: ts.Node) => readsMember(node, object, member === '*' ? undefined : member);
      expect(objections(domainSources, isBad)).toEqual([]);
    },
  );

  it('do not get a clock, chance or process by import, nor today by new Date()', () => {
    const banned = /^(node:)?(process|crypto|perf_hooks|timers|timers\/promises|os)$/;
    // A hash is the same everywhere; the rest of node:crypto is chance.
    const isHash = (node: ts.ImportDeclaration) => node.importClause?.getText() === '{ createHash }';
    const isBad = (node: ts.Node) =>
      (ts.isImportDeclaration(node) &&
        ts.isStringLiteral(node.moduleSpecifier) &&
        banned.test(node.moduleSpecifier.text) &&
        !isHash(node)) ||
      (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0);
    expect(objections(domainSources, isBad)).toEqual([]);
  });
});

describe('exit', () => {
  it('is never forced: main returns a code', () => {
    const bin = readFileSync(join(root, 'bin/infer.js'), 'utf8');
    const tree = ts.createSourceFile('infer.js', bin, ts.ScriptTarget.Latest, true);
    const files = [...sources, { path: 'bin/infer.js', text: bin, tree }];
    const isExit = (node: ts.Node) =>
      ['exit', 'abort', 'reallyExit'].some((member) => readsMember(node, 'process', member));
    expect(objections(files, isExit)).toEqual([]);
  });
});

describe('src/README.md', () => {
  const readme = () => readFileSync(join(src, 'README.md'), 'utf8');
  /** Paths of folders in backticks, such as `bench/` or `src/onnx/file/`. */
  const mentioned = () =>
    [...readme().matchAll(/`((?:[\w.-]+\/)+)`/g)].map(([, path = '']) => path.replace(/^src\//, ''));

  it('names every folder of src', () => {
    const folders = readdirSync(src, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    const named = new Set(mentioned().map((path) => path.split('/')[0] ?? ''));
    expect(folders.filter((folder) => !named.has(folder))).toEqual([]);
  });

  it('names no folder that is not there', () => {
    const inside = sources.map(({ path }) => `${dirname(path)}/`);
    const isThere = (path: string) =>
      existsSync(join(root, path)) || inside.some((folder) => `/${folder}`.includes(`/${path}`));
    expect(mentioned().filter((path) => !isThere(path))).toEqual([]);
  });
});
