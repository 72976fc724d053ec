import { DomainError } from '../domain/errors.ts';
import type { Components, Language } from '../domain/events.ts';
import { type LocalDate, daysBetween, plusDays } from '../domain/instant.ts';
import { type Currency, formatMoney } from '../domain/money.ts';
import { COMPONENTS } from '../domain/strategy.ts';
import type { MessageParams, Templates } from './templates.ts';

/** What a message is about: a loan and what is due on it as of a day in the debtor's zone. */
export interface BillFacts {
  readonly loanRef: string;
  readonly product: string;
  readonly currency: Currency;
  readonly due: Components;
  readonly dueOn: LocalDate;
  readonly asOfOn: LocalDate;
  /** The instalment that the message is about: the next one, or the one that was missed. */
  readonly agreed?: { readonly amountMinor: number; readonly dueOn: LocalDate } | undefined;
}

/** How much of a loan reference a message shows at most. */
const SHOWN_CHARACTERS = 4;

/**
 * The values of a message, formatted for its language.
 * @throws CURRENCY_UNKNOWN; MONEY_NOT_SAFE_INTEGER; TEMPLATE_UNKNOWN
 */
export function messageParams(
  { byName, lender }: Templates,
  message: { readonly template: string; readonly language: Language; readonly facts: BillFacts },
): MessageParams {
  const template = byName.get(message.template);
  if (!template) throw new DomainError('TEMPLATE_UNKNOWN', `There is no template "${message.template}".`);
  const { due, dueOn, asOfOn, currency, agreed } = message.facts;
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency });
  const { payWithinDays } = template;
  return {
    loanLabel: loanLabelOf(message.facts, message.language, lender),
    principal: money(due.principal),
    interest: money(due.interest),
    penalty: money(due.penalty),
    fees: money(due.fees),
    total: money(COMPONENTS.reduce((sum, component) => sum + due[component], 0)),
    dueOn,
    daysPastDue: String(Math.max(daysBetween(dueOn, asOfOn), 0)),
    asOf: asOfOn,
    ...(payWithinDays !== null && { payBy: plusDays(asOfOn, payWithinDays) }),
    ...(agreed && { agreedAmount: money(agreed.amountMinor), agreedOn: agreed.dueOn }),
  };
}

/** The product and the end of the loan's reference, never all of it. */
function loanLabelOf(facts: BillFacts, language: Language, { products }: Templates['lender']): string {
  const product = (products.get(facts.product) ?? products.get('other'))?.[language] ?? '';
  const characters = facts.loanRef.replaceAll(/[^A-Za-z0-9]/g, '');
  const shown = characters.slice(-Math.min(SHOWN_CHARACTERS, Math.floor(characters.length / 2)) || characters.length);
  if (shown === '') return product;
  return language === 'zh' ? `${product}（尾碼 ${shown}）` : `${product} (ending ${shown})`;
}
