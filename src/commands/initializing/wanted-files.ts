import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { forkWorkflow } from '../../init/fork-workflow.ts';
import { configHeader, gateSection } from '../../init/gate-section.ts';
import { gateWorkflow } from '../../init/gate-workflow.ts';
import type { InitAnswers } from '../../init/init-answers.ts';
import { workflowPaths } from '../../init/workflow-place.ts';
import type { WorkflowPlace } from '../../init/workflow-place.ts';
import { yamlValue } from '../../init/yaml-text.ts';
import type { WantedFile } from '../init.ts';
import type { Survey } from './survey-repository.ts';

/** The workflows, at the repository's top. `config` is the config's file name. */
export function wantedWorkflows(answers: InitAnswers, survey: Survey, config: string): readonly WantedFile[] {
  const place = placeOf(survey, config);
  const paths = workflowPaths(place);
  const up = survey.prefix.replaceAll(/[^/]+/g, '..');
  const file = (path: string, text: string) => ({ path: join(survey.root, path), shown: `${up}${path}`, text });
  return [
    file(paths.gate, gateWorkflow({ answers, place, installation: survey.installation })),
    ...(answers.comment ? [file(paths.comment, forkWorkflow(place))] : []),
  ];
}

/** Whether the workflow that is there comments; null where there is none. */
export function hasComment(survey: Survey, config: string): boolean | null {
  const paths = workflowPaths(placeOf(survey, config));
  return existsSync(join(survey.root, paths.gate)) ? existsSync(join(survey.root, paths.comment)) : null;
}

/** Where the workflow that is there has npx take infer from, whoever wrote it; null where it does not say. */
export function earlierSource(survey: Survey, config: string): string | null {
  const path = join(survey.root, workflowPaths(placeOf(survey, config)).gate);
  if (!existsSync(path) || !statSync(path).isFile()) return null;
  const [, said = ''] = /^\s+INFER_PACKAGE: *(.*?)\s*$/m.exec(readFileSync(path, 'utf8')) ?? [];
  return said === '' ? null : yamlValue(said);
}

function placeOf({ prefix }: Survey, config: string): WorkflowPlace {
  return { folder: prefix.replace(/\/$/, ''), config };
}

/** The section `gate` of the config, as YAML. */
export function wantedSection(answers: InitAnswers, { refs }: Survey): string {
  const remote = `origin/${answers.baseBranch}`;
  return gateSection({ answers, baseRef: refs.includes(remote) ? remote : answers.baseBranch });
}

/** A config of the section alone. */
export function configOf(section: string): string {
  return `${configHeader}${section}`;
}
