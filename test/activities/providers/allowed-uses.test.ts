import { describe, expect, it } from 'vitest';
import { ALLOWED_USES, CONDITIONS, checkAllowedUses } from '../../../activities/providers/allowed-uses.ts';

const KINDS = ['reminder', 'overdue', 'education', 'demand'] as const;

describe('the uses that a provider allows', () => {
  it.each(KINDS)('forbid "%s" to mainland China on Alibaba and Tencent Cloud, whatever is confirmed', (kind) => {
    const confirmed = Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[];
    for (const provider of ['alibaba-sms', 'tencent-sms'] as const) {
      const faults = checkAllowedUses(provider, [kind], { destinations: ['CN'], confirmed });
      expect(faults).toMatchObject([{ provider, kind, problem: 'forbidden', conditions: [] }]);
      expect(faults[0]?.message).toMatch(/forbid.*https:\/\//);
    }
  });

  it('tie first-party messages to the United States and Canada on Twilio to consent', () => {
    const destinations = ['US', 'CA'];

    expect(checkAllowedUses('twilio', ['overdue'], { destinations })).toMatchObject([
      { problem: 'unconfirmed', conditions: ['first-party-with-consent'], destinations },
    ]);
    expect(
      checkAllowedUses('twilio', ['overdue', 'education'], { destinations, confirmed: ['first-party-with-consent'] }),
    ).toMatchObject([{ kind: 'education', conditions: ['no-debt-relief'] }]);
  });

  it('allow a use once everything it is tied to is confirmed', () => {
    const confirmed = ['first-party-with-consent', 'no-debt-relief'] as const;

    expect(checkAllowedUses('twilio', KINDS, { destinations: ['US'], confirmed })).toEqual([]);
  });

  it('refuse what no policy states until the provider agrees to it', () => {
    expect(checkAllowedUses('aws-sns', ['overdue'], { destinations: ['TW'] })).toMatchObject([
      { problem: 'unconfirmed', conditions: ['provider-agreed'] },
    ]);
    expect(checkAllowedUses('aws-sns', ['overdue'], { destinations: ['TW'], confirmed: ['provider-agreed'] })).toEqual(
      [],
    );
  });

  it('take the strictest policy of several countries, and every policy when none is given', () => {
    const some = checkAllowedUses('alibaba-sms', ['overdue'], { destinations: ['TW', 'CN', 'SG'] });

    expect(some.map(({ problem }) => problem).toSorted()).toEqual(['forbidden', 'unconfirmed']);
    expect(checkAllowedUses('alibaba-sms', ['overdue'])).toHaveLength(2);
  });

  it('name a fault once, and none for a strategy that sends nothing', () => {
    expect(checkAllowedUses('tencent-sms', ['overdue', 'overdue'])).toHaveLength(1);
    expect(checkAllowedUses('tencent-sms', [])).toEqual([]);
  });

  it('have a source each, a date when it was read, and one policy for all other countries', () => {
    for (const { provider, source, verified, dated, says } of ALLOWED_USES) {
      expect(source).toMatch(/^https:\/\//);
      expect(says).not.toBe('');
      if (dated !== undefined) expect(dated).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(typeof verified).toBe('boolean');
      const everywhere = ALLOWED_USES.filter((each) => each.provider === provider && each.destinations.includes('*'));
      expect(everywhere, provider).toHaveLength(1);
    }
  });
});
