import type { ProfileResult } from '../../profile/profile-result.ts';
import { documentText } from './document.ts';
import { flamePage } from './pages/flame-page.ts';

/** A flame graph as one HTML file that loads nothing. */
export function flameReport(result: ProfileResult): string {
  return documentText(flamePage(result));
}
