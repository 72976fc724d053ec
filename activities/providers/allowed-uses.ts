import type { TemplateKind } from '../template-file.ts';
import { VENDOR_TITLES, type VendorName } from './sms-verdict.ts';

/** What an operator has to confirm, by id, before a use is allowed that a provider ties to it. */
export const CONDITIONS = {
  'first-party-with-consent':
    'the sender is the party that is owed the debt, and the debtor agreed to text messages directly with it',
  'no-debt-relief': 'the texts offer no debt consolidation, debt reduction, debt relief or credit repair',
  'registered-use-case': 'the sending number is registered with the carriers for this use',
  'provider-agreed': 'the provider has agreed to this use in writing, since it has not published what it allows',
} as const;
export type Condition = keyof typeof CONDITIONS;

/** `forbidden`, or what has to be confirmed; nothing to confirm means allowed. */
export type Use = 'forbidden' | readonly Condition[];

/** What a provider's published terms say about messages of collection. */
export interface UsePolicy {
  readonly provider: VendorName;
  /** ISO 3166 codes of the countries whose numbers it is about; `*`: all that no other policy of the provider names. */
  readonly destinations: readonly string[];
  readonly uses: Readonly<Record<TemplateKind, Use>>;
  readonly source: string;
  /** The date of the page that was read. */
  readonly dated?: string;
  /** What the page says, in short. */
  readonly says: string;
  /** Whether the page itself was read, as a stored copy; otherwise the entry errs on the side of refusing. */
  readonly verified: boolean;
}

export interface UseFault {
  readonly provider: VendorName;
  readonly kind: TemplateKind;
  readonly destinations: readonly string[];
  readonly problem: 'forbidden' | 'unconfirmed';
  /** What is not confirmed. */
  readonly conditions: readonly Condition[];
  /** A sentence for the person who loads the strategy. */
  readonly message: string;
}

function everyKind(use: Use): UsePolicy['uses'] {
  return { reminder: use, overdue: use, education: use, demand: use };
}

/** Terms change: read them again before a deployment, and correct the entry. docs/providers.md says what was read. */
export const ALLOWED_USES: readonly UsePolicy[] = [
  {
    provider: 'alibaba-sms',
    destinations: ['CN'],
    uses: everyKind('forbidden'),
    source: 'https://www.alibabacloud.com/help/en/sms/user-guide/message-template-for-chinese-mainland',
    dated: '2026-10-04',
    says: 'Templates shall not contain financial information; loans and overdue notices (催款还款) are prohibited.',
    verified: true,
  },
  {
    provider: 'alibaba-sms',
    destinations: ['*'],
    uses: everyKind(['provider-agreed']),
    source: 'https://www.alibabacloud.com/help/en/sms/',
    says: 'No page about the content of messages outside mainland China was found.',
    verified: false,
  },
  {
    provider: 'tencent-sms',
    destinations: ['*'],
    uses: everyKind('forbidden'),
    source: 'https://www.tencentcloud.com/document/product/382/40659',
    dated: '2025-08-21',
    says: 'All financial content is prohibited in verification, notification and marketing messages; loans and dunning (催款) are named, in the mainland edition credit records (征信) too.',
    verified: true,
  },
  {
    provider: 'twilio',
    destinations: ['US', 'CA'],
    uses: {
      ...everyKind(['first-party-with-consent']),
      education: ['first-party-with-consent', 'no-debt-relief'],
    },
    source: 'https://www.twilio.com/docs/api/errors/30863',
    says: 'Third-party debt collection is forbidden; first-party billing messages need consent given directly; debt consolidation, reduction, relief and credit repair are prohibited regardless of consent.',
    verified: true,
  },
  {
    provider: 'twilio',
    destinations: ['*'],
    uses: everyKind(['provider-agreed']),
    source: 'https://www.twilio.com/en-us/legal/aup',
    says: 'The rules by country were not read.',
    verified: false,
  },
  {
    provider: 'aws-sns',
    destinations: ['US'],
    uses: everyKind(['first-party-with-consent', 'registered-use-case']),
    source: 'https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations-tfn.html',
    says: 'Each number is registered for one use; some uses are blocked, and high risk financial messages may be filtered. The table of forbidden uses could not be read.',
    verified: false,
  },
  {
    provider: 'aws-sns',
    destinations: ['*'],
    uses: everyKind(['provider-agreed']),
    source: 'https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-sms-support-by-country.html',
    says: 'Each country adds restrictions of its own; none about debts was read.',
    verified: false,
  },
];

/**
 * Whether a provider's published terms let messages of these kinds go out.
 * @param context.destinations ISO 3166 codes of the debtors' countries; without them every policy of the provider counts.
 * @param context.confirmed the conditions that the operator confirms. What is forbidden cannot be confirmed away.
 * @returns one fault a kind and policy; none when all are allowed.
 */
export function checkAllowedUses(
  provider: VendorName,
  kinds: readonly TemplateKind[],
  context: { readonly destinations?: readonly string[]; readonly confirmed?: readonly Condition[] } = {},
): readonly UseFault[] {
  const { destinations, confirmed = [] } = context;
  return policiesOf(provider, destinations).flatMap((policy) =>
    [...new Set(kinds)].flatMap((kind) => faultOf(policy, kind, confirmed) ?? []),
  );
}

function policiesOf(provider: VendorName, destinations: readonly string[] | undefined): readonly UsePolicy[] {
  const own = ALLOWED_USES.filter((policy) => policy.provider === provider);
  if (destinations === undefined) return own;
  const other = own.filter((policy) => policy.destinations.includes('*'));
  const found = destinations.flatMap((country) => {
    const named = own.filter((policy) => policy.destinations.includes(country));
    return named.length === 0 ? other : named;
  });
  return [...new Set(found)];
}

function faultOf(policy: UsePolicy, kind: TemplateKind, confirmed: readonly Condition[]): UseFault | undefined {
  const { provider, destinations, source } = policy;
  const use = policy.uses[kind];
  const where = destinations.includes('*') ? '' : ` to numbers of ${destinations.join(' and ')}`;
  const head = `${VENDOR_TITLES[provider]}, messages of the kind "${kind}"${where}`;
  if (use === 'forbidden') {
    const message = `${head}: the provider's terms forbid them. ${policy.says} ${source}`;
    return { provider, kind, destinations, problem: 'forbidden', conditions: [], message };
  }
  const conditions = use.filter((condition) => !confirmed.includes(condition));
  if (conditions.length === 0) return undefined;
  const wanted = conditions.map((condition) => `"${condition}" (${CONDITIONS[condition]})`).join(' and ');
  const message = `${head}: allowed only when you confirm ${wanted}. ${policy.says} ${source}`;
  return { provider, kind, destinations, problem: 'unconfirmed', conditions, message };
}
