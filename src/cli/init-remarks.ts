import { basename, dirname, relative } from 'node:path';
import type { Survey } from '../commands/initializing/survey-repository.ts';
import type { InitAnswers } from '../init/init-answers.ts';
import { listOf } from '../report/messages/phrases.ts';
import { shortName } from '../report/short-name.ts';
import { count } from '../report/units.ts';
import { modelsLeftOut } from './init-answers.ts';
import type { OwnConfig } from './init-config-file.ts';
import type { InitFlags } from './init-options.ts';

export interface RemarkSources {
  readonly flags: InitFlags;
  readonly survey: Survey;
  readonly answers: InitAnswers;
  readonly config: OwnConfig;
}

/** What to know about what is written. */
export function initRemarks(sources: RemarkSources): readonly string[] {
  return [remoteRemark, leftOutRemark, openRemark, hiddenRemark, fetchedRemark].flatMap(
    (remark) => remark(sources) ?? [],
  );
}

function remoteRemark({ survey: { isRepository, refs }, answers: { baseBranch } }: RemarkSources): string | null {
  if (!isRepository)
    return 'this folder is in no git repository (git init makes one): the base of a gate is read from git, and workflows are run from a repository’s top';
  const isKnown = refs.includes(baseBranch) || refs.includes(`origin/${baseBranch}`);
  return isKnown ? null : `git knows no branch '${shortName(baseBranch)}' yet, with which models are to be compared`;
}

function leftOutRemark({ survey, answers, flags }: RemarkSources): string | null {
  const left = modelsLeftOut(survey, answers, flags);
  if (left.length === 0 || answers.models.length === 0) return null;
  const names = listOf(left.map(({ path }) => shortName(path)));
  return `${count(left.length, 'model')} left out, for all share the budget: ${names}; name those that matter with --model`;
}

function openRemark({ answers, config: { path } }: RemarkSources): readonly string[] {
  const open = answers.models.filter(({ openDims }) => openDims.length > 0);
  return open.map(
    (model) =>
      `${shortName(model.path)} has dimensions whose length nothing tells (${listOf(model.openDims.map((name) => shortName(name)))}): say them with --dim, or in ${basename(path)}`,
  );
}

function hiddenRemark({ config: { hidden, path } }: RemarkSources): string | null {
  if (hidden === null) return null;
  return `in this folder and below, ${basename(path)} is read instead of ${relative(dirname(path), hidden)}`;
}

function fetchedRemark({ survey: { installation } }: RemarkSources): string | null {
  if (installation.kind === 'dependency') return null;
  const why = 'no package.json beside a lock file names infer';
  return installation.source === ''
    ? `${why}: say in INFER_PACKAGE of the workflow, or with --package, where npx is to have it from`
    : `${why}, so the workflow has npx fetch ${installation.source}`;
}
