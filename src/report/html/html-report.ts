import type { Reportable } from '../reporters.ts';
import { documentText } from './document.ts';
import type { Page } from './page.ts';
import { benchPage } from './pages/bench-page.ts';
import { benchSetPage } from './pages/bench-set-page.ts';
import { costPage } from './pages/cost-page.ts';
import { distillPage } from './pages/distill-page.ts';
import { doctorPage } from './pages/doctor-page.ts';
import { evaluatePage } from './pages/evaluate-page.ts';
import { gateCalibrationPage } from './pages/gate-calibration-page.ts';
import { gatePage } from './pages/gate-page.ts';
import { inspectPage } from './pages/inspect-page.ts';
import { prunePage, quantizePage } from './pages/judged-page.ts';
import { optimizePage } from './pages/optimize-page.ts';
import { pricesPage } from './pages/prices-page.ts';
import { profilePage } from './pages/profile-page.ts';

/** A result as one HTML file that loads nothing: tables that sort and filter, charts, and their numbers as CSV. */
export function htmlReport(result: Reportable): string {
  return documentText(pageOf(result));
}

function pageOf(result: Reportable): Page {
  switch (result.kind) {
    case 'bench':
      return benchPage(result);
    case 'bench-set':
      return benchSetPage(result);
    case 'cost':
      return costPage(result);
    case 'distill':
      return distillPage(result);
    case 'doctor':
      return doctorPage(result);
    case 'evaluate':
      return evaluatePage(result);
    case 'gate':
      return gatePage(result);
    case 'gate-calibration':
      return gateCalibrationPage(result);
    case 'inspect':
      return inspectPage(result);
    case 'optimize':
      return optimizePage(result);
    case 'prices':
      return pricesPage(result);
    case 'profile':
      return profilePage(result);
    case 'prune':
      return prunePage(result);
    case 'quantize':
      return quantizePage(result);
  }
}
