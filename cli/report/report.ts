import { agreementsSection } from './agreements-section.ts';
import { headlineOf } from './figures.ts';
import type { ReportInput } from './input.ts';
import { element, text } from './markup.ts';
import { recordsOf } from './records.ts';
import {
  contactsSection,
  funnelSection,
  moneySection,
  outcomesSection,
  storiesSection,
  timingSection,
} from './sections.ts';
import { STYLE } from './style.ts';
import { tiles } from './tiles.ts';
import { count, counted, dayName, exactMoney } from './words.ts';

const RUN_NAMES = { demo: 'Run on the server', rehearse: 'Rehearsal' };
/** The page asks for nothing from anywhere, and a browser holds it to that. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The report of a run as one HTML page without outside resources or scripts. The same input gives the same bytes; the
 * page names loans by their reference and no person.
 */
export function renderReport(input: ReportInput): string {
  const { meta } = input;
  const records = recordsOf(input);
  const headline = headlineOf(records);
  const title = `${count(headline.cleared)} of ${counted(headline.loans, 'loan')} cleared, ${exactMoney(headline.collectedMinor, meta.currency)} collected`;
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('title', {}, text(`Kept: ${title}`)),
    element('style', {}, STYLE),
  );
  const header = element(
    'header',
    {},
    element('div', { class: 'over' }, text(`Kept · ${RUN_NAMES[meta.mode]}`)),
    element('h1', {}, text(title)),
    element(
      'p',
      { class: 'lead' },
      text(`${meta.portfolio} under ${meta.strategy}, from ${dayName(meta.from)} to ${dayName(meta.to)}.`),
    ),
    element(
      'p',
      { class: 'note' },
      element('strong', {}, text('What this page cannot say. ')),
      text(
        'The payments are those of the portfolio, replayed at the instants at which they were made, whatever was sent. ' +
          'The page shows what the strategy does, when and to how many; it says nothing about whether a contact caused a payment.',
      ),
    ),
    meta.responses === undefined
      ? ''
      : element(
          'p',
          { class: 'note' },
          element('strong', {}, text('What is made up. ')),
          text(
            `What debtors say and do besides paying: who answers, promises, asks for a plan or wants no more messages, by ${meta.responses.file} with seed ${meta.responses.seed}. ` +
              'No money is. Some promise what the portfolio says they paid afterwards, others whatever they like, so how many promises were kept says something about that file and nothing about people.',
          ),
        ),
  );
  const main = element(
    'main',
    {},
    tiles(headline, meta),
    funnelSection(records),
    contactsSection(records),
    moneySection(records, meta),
    outcomesSection(records, meta),
    meta.responses === undefined ? '' : agreementsSection(input.result.agreements, meta),
    timingSection(records),
    storiesSection(records, meta),
  );
  const footer = element(
    'footer',
    {},
    text(
      `Days are counted from the due date in ${meta.zone}. Everything here is drawn from ${meta.responses === undefined ? 'contacts.csv, cases.csv' : 'contacts.csv, cases.csv, agreements.csv'} and the portfolio beside it; the same input gives the same page, byte for byte.`,
    ),
  );
  const body = element('body', {}, header, main, footer);
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body)}\n`;
}
