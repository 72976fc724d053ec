import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { ChannelProvider, OutgoingMessage } from '../ports.ts';
import { call } from './http-call.ts';
import { type Answer, type Answered, jsonOf } from './http-exchange.ts';
import {
  type Finding,
  type SmsVendorOptions,
  type Sought,
  createSmsProvider,
  endpointOf,
  unheardOf,
} from './sms-vendor.ts';
import { type CodeTable, type Verdict, verdictOf, verdictOfCode } from './sms-verdict.ts';
import { type VendorTemplates, fillTemplate } from './vendor-template.ts';

export interface TwilioOptions extends SmsVendorOptions {
  /** `AC…`: whose messages these are. */
  readonly accountSid: string;
  /** `SK…` with its secret; the account's own SID and token unless given. */
  readonly keySid?: string;
  readonly secret: string;
  /** A Messaging Service (`MG…`) that picks the sender, or one sender. */
  readonly sender: { readonly messagingServiceSid: string } | { readonly from: string };
  /** Where Twilio reports what became of a message; `key` is added to its query, as Twilio's list carries no key. */
  readonly statusCallback?: string;
  /** Content templates (`HX…`) by our template codes. Without them the text itself is sent. */
  readonly templates?: VendorTemplates;
}

const BASE_URL = 'https://api.twilio.com';
/** The most messages of one number that are looked through. */
const PAGE_SIZE = 100;
/** Twilio's clock and ours may differ by so much. */
const CLOCK_SKEW_MS = 30_000;
/** A message is looked for among those created in this time after its hand-over. */
const CREATED_WITHIN_MS = 10 * 60_000;

/** @source https://www.twilio.com/docs/api/errors, one page a code; docs/providers.md names those that were read. */
const CODES: CodeTable = {
  rejected: {
    '21211': 'addressInvalid',
    '21610': 'optedOut',
    '21614': 'twilio-21614',
    '21617': 'twilio-21617',
    '21635': 'twilio-21635',
    '21658': 'twilio-21658',
  },
  throttled: /^20429$/,
  credentials: /^20003$/,
};

const created = z.object({ sid: z.string().min(1).max(200) });
const failed = z.object({ code: z.number() });
const list = z.object({
  messages: z.array(
    z.object({
      sid: z.string().min(1).max(200),
      direction: z.string(),
      to: z.string().nullable(),
      from: z.string().nullable(),
      messaging_service_sid: z.string().nullable(),
      body: z.string().nullable(),
      date_created: z.string().nullable(),
    }),
  ),
});
type ListedMessage = z.infer<typeof list>['messages'][number];

/**
 * SMS over Twilio's Messages API. A doubt is settled by listing the messages to the number: one that has our sender,
 * exactly our text and was created since is ours, two are not told apart.
 * @source https://www.twilio.com/docs/messaging/api/message-resource
 * @throws DomainError CONFIG_INVALID when the base URL is none.
 */
export function createTwilio(options: TwilioOptions): ChannelProvider {
  const { accountSid, keySid = accountSid, secret, timeoutMs } = options;
  const path = `2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
  const messagesUrl = new URL(path, endpointOf(options.baseUrl ?? BASE_URL, 'twilio'));
  const authorization = `Basic ${Buffer.from(`${keySid}:${secret}`).toString('base64')}`;

  async function handOver(message: OutgoingMessage, signal: AbortSignal): Promise<Verdict> {
    const reply = await call({
      url: messagesUrl,
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(formOf(message, options)).toString(),
      timeoutMs,
      signal,
    });
    return verdictOf(reply, readCreated);
  }

  async function find(sought: Sought, signal: AbortSignal): Promise<Finding> {
    if (sought.text === undefined) return { shown: 'unclear' };
    const url = new URL(messagesUrl);
    // Not by `DateSent`: what still waits to be sent has no such date.
    url.search = new URLSearchParams({ To: sought.to, PageSize: String(PAGE_SIZE) }).toString();
    const reply = await call({ url, method: 'GET', headers: { authorization }, timeoutMs, signal });
    const messages = listOf(reply);
    if (messages === undefined) return unheardOf(verdictOf(reply, readFailed));
    const [first, ...others] = messages.filter((each) => isSought(each, sought, options));
    if (first === undefined) return { shown: 'no' };
    return others.length === 0 ? { shown: 'yes', providerRef: first.sid } : { shown: 'unclear' };
  }

  return createSmsProvider({ name: 'twilio', handOver, find }, options);
}

function formOf(
  message: OutgoingMessage,
  { sender, statusCallback, templates }: TwilioOptions,
): Record<string, string> {
  return {
    To: message.to,
    ...('from' in sender ? { From: sender.from } : { MessagingServiceSid: sender.messagingServiceSid }),
    ...(templates === undefined ? { Body: message.text } : contentOf(message, templates)),
    ...(statusCallback === undefined ? {} : { StatusCallback: callbackOf(statusCallback, message.key) }),
  };
}

/** `ContentVariables` counts the variables of a template from 1. */
function contentOf(message: OutgoingMessage, templates: VendorTemplates): Record<string, string> {
  const { id, values } = fillTemplate(templates, message);
  const variables = Object.fromEntries(values.map(([, value], index) => [String(index + 1), value]));
  return { ContentSid: id, ...(values.length === 0 ? {} : { ContentVariables: JSON.stringify(variables) }) };
}

function callbackOf(statusCallback: string, key: string): string {
  if (!URL.canParse(statusCallback)) {
    throw new DomainError('CONFIG_INVALID', 'The address for reports of Twilio is not a URL.');
  }
  const url = new URL(statusCallback);
  url.searchParams.set('key', key);
  return url.href;
}

function readCreated(answered: Answered): Verdict | undefined {
  const { status } = answered;
  const body = status >= 200 && status < 300 ? created.safeParse(jsonOf(answered)) : undefined;
  return body?.success ? { result: 'accepted', providerRef: body.data.sid } : readFailed(answered);
}

function readFailed(answered: Answered): Verdict | undefined {
  const body = answered.status >= 400 ? failed.safeParse(jsonOf(answered)) : undefined;
  return body?.success ? verdictOfCode(String(body.data.code), CODES, answered) : undefined;
}

function listOf(reply: Answer): readonly ListedMessage[] | undefined {
  if (reply.kind !== 'answered' || reply.status !== 200) return undefined;
  return list.safeParse(jsonOf(reply)).data?.messages;
}

function isSought(message: ListedMessage, { to, text, atMs }: Sought, { sender }: TwilioOptions): boolean {
  const isOurSender =
    'from' in sender ? message.from === sender.from : message.messaging_service_sid === sender.messagingServiceSid;
  const createdMs = Date.parse(message.date_created ?? '');
  const isInTime = createdMs >= atMs - CLOCK_SKEW_MS && createdMs <= atMs + CREATED_WITHIN_MS;
  const isOurMessage = message.direction === 'outbound-api' && message.to === to && message.body === text;
  return isOurMessage && isOurSender && isInTime;
}
