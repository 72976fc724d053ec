import { AGREEMENT_KINDS } from './agreement.ts';
import type { AgreementNotice } from './agreement-policy.ts';
import { CHANNELS, type Channel, type Strategy, channelsOf } from './strategy.ts';
import type { Draft, StrategyFault } from './strategy-fault.ts';

/** Every message that a strategy may send: those of its contact steps, then those about agreements. */
export function messagesOf({ steps, agreements }: Pick<Strategy, 'steps' | 'agreements'>): readonly AgreementNotice[] {
  const ofSteps = steps.filter((step) => step.do === 'contact');
  const ofAgreements = AGREEMENT_KINDS.flatMap((kind) => {
    const { reminder = null, broken = null } = agreements?.[kind] ?? {};
    return [reminder, broken].flatMap((notice) => notice ?? []);
  });
  return [...ofSteps, ...ofAgreements];
}

/** The channels that a strategy may send messages on. */
export function channelsInUse(strategy: Pick<Strategy, 'steps' | 'agreements'>): readonly Channel[] {
  const used = new Set(messagesOf(strategy).flatMap(channelsOf));
  return CHANNELS.filter((channel) => used.has(channel));
}

/** The messages about agreements of a strategy that is being checked, each with its place. */
export function noticesIn({ agreements }: Draft<Pick<Strategy, 'agreements'>>): readonly {
  readonly notice: Draft<AgreementNotice>;
  readonly path: StrategyFault['path'];
}[] {
  return AGREEMENT_KINDS.flatMap((kind) =>
    (['reminder', 'broken'] as const).flatMap((about) => {
      const notice = agreements?.[kind]?.[about];
      return notice ? [{ notice, path: ['agreements', kind, about] }] : [];
    }),
  );
}
