import type { Scorecard } from '../../../domain/score/scorecard.ts';
import { type Markup, element, text } from '../../report/markup.ts';
import { STYLE } from '../../report/style.ts';
import { count, counted, dayName } from '../../report/words.ts';
import { share } from '../figures.ts';
import type { Trained } from '../train/build-scorecard.ts';
import { calibrationSection, fairnessSection, pointsSection, rankingSection } from './sections.ts';

/** The page asks for nothing from anywhere, and a browser holds it to that. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A training as one HTML page without outside resources or scripts. The same training gives the same bytes. */
export function renderScorecardReport({ scorecard, judged }: Trained): string {
  const title = `${scorecard.id}@${scorecard.version}: AUC ${scorecard.quality.auc.toFixed(3)}, calibrated within ${share(scorecard.quality.worstDecileGap)}`;
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('title', {}, text(`Kept: ${title}`)),
    element('style', {}, STYLE),
  );
  const main = element(
    'main',
    {},
    tilesOf(scorecard),
    calibrationSection(scorecard),
    rankingSection(scorecard, judged.flat()),
    fairnessSection(scorecard),
    pointsSection(scorecard),
  );
  const body = element('body', {}, headerOf(scorecard, title), main, footerOf(scorecard));
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body)}\n`;
}

function headerOf({ training, intendedUse, limits }: Scorecard, title: string): Markup {
  const { loans, borrowers, firstDue, lastDue, source } = training;
  const learned = `Learned from ${counted(loans, 'loan')} of ${counted(borrowers, 'borrower')}, due ${dayName(firstDue)} to ${dayName(lastDue)}. ${source}`;
  return element(
    'header',
    {},
    element('div', { class: 'over' }, text('Kept · Scorecard')),
    element('h1', {}, text(title)),
    element('p', { class: 'lead' }, text(learned)),
    element('p', {}, text(intendedUse.en)),
    element(
      'div',
      { class: 'note' },
      element('strong', {}, text('Limits')),
      element('ul', {}, ...limits.map(({ en }) => element('li', {}, text(en)))),
    ),
  );
}

function tilesOf({ quality, training, characteristics }: Scorecard): Markup {
  const tile = (name: string, big: string, words: string) =>
    element(
      'div',
      { class: 'tile' },
      element('dt', {}, text(name)),
      element('dd', { class: 'big' }, text(big)),
      element('dd', {}, text(words)),
    );
  const [least, most] = [Math.min(...quality.foldAucs), Math.max(...quality.foldAucs)];
  return element(
    'dl',
    { class: 'tiles' },
    tile('AUC', quality.auc.toFixed(4), `${least.toFixed(4)} to ${most.toFixed(4)} by fold`),
    tile('KS', quality.ks.toFixed(4), `Brier score ${quality.brier.toFixed(4)}`),
    tile('Calibration', share(quality.worstDecileGap), 'the worst tenth is off by so much'),
    tile('Loans', count(training.loans), `${share(training.settled / training.loans)} of them settled`),
    tile('Folds', count(training.folds), 'a borrower is never in two of them'),
    tile('Characteristics', count(characteristics.length), `${count(training.unused.length)} more brought nothing`),
  );
}

function footerOf({ training }: Scorecard): Markup {
  const words = `As of ${dayName(training.asOf)}. SHA-256 of what was learned from: ${training.sha256}. The same loans give the same page, byte for byte.`;
  return element('footer', {}, text(words));
}
