import { z } from 'zod';
import { DELAY_REASONS } from '../domain/agreement.ts';
import { type DebtorEvent, HOLD_REASONS } from '../domain/debtor-events.ts';
import { EVIDENCE_KINDS } from '../domain/hardship.ts';
import { parseInstant } from '../domain/instant.ts';
import { CONSENT_KINDS, CONTACT_CHANNELS } from '../domain/rules/facts.ts';
import { anyOf, event } from './event-schema.ts';
import { eventId, instant, phoneNumber, placedHoldId, reference, text, zone } from './fields.ts';

const debtorRef = reference.meta({ examples: ['B00001'] });
const source = reference.describe('Opaque id of who says so').meta({ examples: ['app'] });
const about = { debtorRef, source };
const channel = z.enum(CONTACT_CHANNELS).describe('`call` is an agent’s call, `voice` a machine’s, `im` the app');
const localTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM')
  .meta({ examples: ['12:00'] });
/** Of no file at all. */
const EXAMPLE_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const B = { debtorRef: 'B00001', source: 'app' };

const EVENT_TYPES = [
  event(
    'consent.given',
    z.strictObject({
      ...about,
      kind: z.enum(CONSENT_KINDS),
      channel: channel.optional(),
      loanRef: reference.optional(),
      address: text({ min: 1, max: 254 }).optional().describe('Personal. The number or address that it is about'),
      until: instant.optional(),
    }),
    {
      id: 'ConsentGiven',
      description: 'The debtor agreed to something; what is left out is not restricted',
      at: '2026-08-02T10:00:00+08:00',
      example: { ...B, kind: 'quietHours', channel: 'sms', until: '2026-12-31T00:00:00+08:00' },
    },
  ),
  event('consent.withdrawn', z.strictObject({ ...about, consentEventId: eventId }), {
    id: 'ConsentWithdrawn',
    description: 'A consent is taken back',
    at: '2026-08-03T10:00:00+08:00',
    example: { ...B, consentEventId: 'consent.given-1' },
  }),
  event('channel.optedOut', z.strictObject({ ...about, channel }), {
    id: 'ChannelOptedOut',
    description: 'No contact on a channel any more; `call` covers machines too',
    at: '2026-08-02T10:00:00+08:00',
    example: { ...B, channel: 'sms' },
  }),
  event('channel.optedIn', z.strictObject({ ...about, channel }), {
    id: 'ChannelOptedIn',
    description: 'Contact on a channel again',
    at: '2026-08-04T10:00:00+08:00',
    example: { ...B, channel: 'sms' },
  }),
  event('contact.ceased', z.strictObject(about), {
    id: 'ContactCeased',
    description: 'No contact at all any more',
    at: '2026-08-02T10:00:00+08:00',
    example: B,
  }),
  event('contact.resumed', z.strictObject(about), {
    id: 'ContactResumed',
    description: 'Contact again',
    at: '2026-08-04T10:00:00+08:00',
    example: B,
  }),
  event(
    'hours.requested',
    z.strictObject({
      ...about,
      notBetween: z
        .tuple([localTime, localTime])
        .refine(([from, to]) => from !== to, 'two different times')
        .describe('Local, from the first until before the second; may cross midnight'),
    }),
    {
      id: 'HoursRequested',
      description: 'Hours of every day at which the debtor does not want to be contacted',
      at: '2026-08-02T10:00:00+08:00',
      example: { ...B, notBetween: ['12:00', '14:00'] },
    },
  ),
  event('hours.withdrawn', z.strictObject({ ...about, requestEventId: eventId }), {
    id: 'HoursWithdrawn',
    description: 'Requested hours no longer matter',
    at: '2026-08-04T10:00:00+08:00',
    example: { ...B, requestEventId: 'hours.requested-1' },
  }),
  event('debtor.lost', z.strictObject(about), {
    id: 'DebtorLost',
    description: 'The debtor cannot be reached, is dead or incapable: others may be asked where a law permits it',
    at: '2026-08-02T10:00:00+08:00',
    example: B,
  }),
  event('debtor.found', z.strictObject(about), {
    id: 'DebtorFound',
    description: 'The debtor can be reached again',
    at: '2026-08-04T10:00:00+08:00',
    example: B,
  }),
  event('debtor.located', z.strictObject({ ...about, zones: z.array(zone).max(24) }), {
    id: 'DebtorLocated',
    description: 'All zones that the debtor may be in; a contact must be permitted in each',
    at: '2026-08-02T10:00:00+08:00',
    example: { ...B, zones: ['Asia/Taipei', 'Asia/Tokyo'] },
  }),
  event(
    'thirdParty.named',
    z.strictObject({ ...about, thirdPartyRef: reference, phone: phoneNumber.describe('Personal') }),
    {
      id: 'ThirdPartyNamed',
      description: 'Somebody who may know where the debtor is',
      at: '2026-08-02T10:00:00+08:00',
      example: { ...B, thirdPartyRef: 'sibling-1', phone: '+886900000002' },
    },
  ),
  event('thirdParty.refused', z.strictObject({ ...about, thirdPartyRef: reference }), {
    id: 'ThirdPartyRefused',
    description: 'That person does not want to be asked',
    at: '2026-08-03T10:00:00+08:00',
    example: { ...B, thirdPartyRef: 'sibling-1' },
  }),
  event(
    'hold.placed',
    z.strictObject({
      ...about,
      reason: z.enum(HOLD_REASONS),
      loanRef: reference.optional().describe('The one loan that is held; without it all are'),
      until: instant.optional().describe('Without it until the hold is released'),
    }),
    {
      id: 'HoldPlaced',
      description: 'Collection stops',
      at: '2026-08-02T10:00:00+08:00',
      example: { ...B, reason: 'complaint' },
    },
  ),
  event('hold.released', z.strictObject({ ...about, holdEventId: placedHoldId }), {
    id: 'HoldReleased',
    description: 'A hold is over',
    at: '2026-08-09T10:00:00+08:00',
    example: { ...B, holdEventId: 'hold.placed-1' },
  }),
  event('treatment.ended', z.strictObject({ ...about, holdEventId: placedHoldId }), {
    id: 'TreatmentEnded',
    description: 'The treatment that a hold depends on has ended',
    at: '2026-08-09T10:00:00+08:00',
    example: { ...B, holdEventId: 'hold.placed-1' },
  }),
  event(
    'hardship.claimed',
    z.strictObject({
      ...about,
      reason: z.enum(DELAY_REASONS),
      evidence: z
        .array(
          z.strictObject({
            sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256, 64 hexadecimal digits in lower case'),
            kind: z.enum(EVIDENCE_KINDS),
          }),
        )
        .max(20)
        .describe('What was shown. The files stay with the lender; the hashes stand on the record'),
      until: instant.optional().describe('Without it until the hardship is ended'),
    }),
    {
      id: 'HardshipClaimed',
      description: 'The debtor cannot pay as agreed on: more may be agreed on, as far as the strategy permits',
      at: '2026-08-02T10:00:00+08:00',
      example: { ...B, reason: 'jobLoss', evidence: [{ sha256: EXAMPLE_SHA256, kind: 'dismissal' }] },
    },
  ),
  event('hardship.ended', z.strictObject({ ...about, claimEventId: eventId }), {
    id: 'HardshipEnded',
    description: 'A hardship is over; what was agreed on under it stands',
    at: '2026-11-02T10:00:00+08:00',
    example: { ...B, claimEventId: 'hardship.claimed-1' },
  }),
] as const;

/** What is said about a debtor rather than about a loan. */
export const debtorEvent = anyOf(EVENT_TYPES, 'DebtorEvent');

/** The parsed event is the domain's, its instants in UTC and what is absent absent. */
export function toDebtorEvent(parsed: z.infer<typeof debtorEvent>): DebtorEvent {
  const { data } = parsed;
  const until = 'until' in data && data.until !== undefined ? { until: parseInstant(data.until) } : {};
  const event = { ...parsed, timestamp: parseInstant(parsed.timestamp), data: { ...data, ...until } };
  return JSON.parse(JSON.stringify(event)) as DebtorEvent;
}
