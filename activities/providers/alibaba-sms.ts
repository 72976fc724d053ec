import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DAY_MS } from '../../domain/instant.ts';
import type { ChannelProvider, OutgoingMessage } from '../ports.ts';
import { type AlibabaCredentials, signAlibaba } from './alibaba-sms-signature.ts';
import { call } from './http-call.ts';
import { type Answer, type Answered, jsonOf } from './http-exchange.ts';
import {
  type Finding,
  type SmsVendorOptions,
  type Sought,
  createSmsProvider,
  endpointOf,
  keyTag,
  unheardOf,
} from './sms-vendor.ts';
import { type CodeTable, type Verdict, verdictOf, verdictOfCode } from './sms-verdict.ts';
import { type VendorTemplates, fillTemplate } from './vendor-template.ts';

export interface AlibabaSmsOptions extends SmsVendorOptions {
  readonly credentials: AlibabaCredentials;
  /** The approved signature (签名) that opens each message. */
  readonly signName: string;
  readonly templates: VendorTemplates;
}

const BASE_URL = 'https://dysmsapi.aliyuncs.com';
const VERSION = '2017-05-25';
/** How long `OutId` may be is not documented; our keys are far shorter than this. */
const OUT_ID_LIMIT_BYTES = 255;
/** The largest page that QuerySendDetails gives. */
const PAGE_SIZE = 50;
/** Days of QuerySendDetails are taken to be those of China, UTC+8. */
const CHINA_OFFSET_MS = 8 * 60 * 60_000;

/** @source https://help.aliyun.com/document_detail/101346.html */
const CODES: CodeTable = {
  rejected: {
    'isv.MOBILE_NUMBER_ILLEGAL': 'addressInvalid',
    'isv.BLACK_KEY_CONTROL_LIMIT': 'isv.BLACK_KEY_CONTROL_LIMIT',
    'isv.PARAM_LENGTH_LIMIT': 'isv.PARAM_LENGTH_LIMIT',
    'isv.PARAM_NOT_SUPPORT_URL': 'isv.PARAM_NOT_SUPPORT_URL',
    'isv.SMS_CONTENT_ILLEGAL': 'isv.SMS_CONTENT_ILLEGAL',
    'isv.TEMPLATE_PARAMS_ILLEGAL': 'isv.TEMPLATE_PARAMS_ILLEGAL',
  },
  throttled: /^(isv\.(BUSINESS|DAY|MONTH)_LIMIT_CONTROL|Throttling(\..+)?)$/,
  credentials:
    /^(SignatureDoesNotMatch|IncompleteSignature|InvalidTimeStamp\..+|InvalidAccessKeyId(\..+)?|isp\.RAM_PERMISSION_DENY)$/,
  // A nonce that was used before means that somebody between us and them handed the request over twice.
  doubtful: /^(isp\.SYSTEM_ERROR|InternalError|ServiceUnavailable|SignatureNonceUsed)$/,
};

const said = z.object({ Code: z.string(), BizId: z.string().max(200).optional() });
const details = z.object({
  Code: z.literal('OK'),
  SmsSendDetailDTOs: z
    .object({ SmsSendDetailDTO: z.array(z.object({ OutId: z.string().nullish() })).nullish() })
    .nullish(),
});

/**
 * SMS over Alibaba Cloud's SendSms. `OutId` carries our key; a doubt is settled by QuerySendDetails, which shows the
 * messages of a number on a day with their `OutId`, but not the `BizId` that SendSms answers with.
 * @source https://help.aliyun.com/en/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
 * @source https://help.aliyun.com/en/sms/developer-reference/api-dysmsapi-2017-05-25-querysenddetails
 * @throws DomainError CONFIG_INVALID when the base URL is none.
 */
export function createAlibabaSms(options: AlibabaSmsOptions): ChannelProvider {
  const endpoint = endpointOf(options.baseUrl ?? BASE_URL, 'alibaba-sms');
  const { credentials, signName, templates, timeoutMs } = options;

  function ask(action: string, query: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const request = { endpoint, action, version: VERSION, query, at: new Date(), nonce: randomUUID() };
    const { url, headers } = signAlibaba(request, credentials);
    return call({ url, method: 'POST', headers, timeoutMs, signal });
  }

  async function handOver(message: OutgoingMessage, signal: AbortSignal): Promise<Verdict> {
    const { id, values } = fillTemplate(templates, message);
    const query = {
      PhoneNumbers: numberOf(message.to),
      SignName: signName,
      TemplateCode: id,
      OutId: keyTag(message.key, OUT_ID_LIMIT_BYTES),
      ...(values.length === 0 ? {} : { TemplateParam: JSON.stringify(Object.fromEntries(values)) }),
    };
    return verdictOf(await ask('SendSms', query, signal), readSaid);
  }

  async function find({ key, to, atMs }: Sought, signal: AbortSignal): Promise<Finding> {
    const outId = keyTag(key, OUT_ID_LIMIT_BYTES);
    for (const SendDate of daysOf(atMs)) {
      const query = { PhoneNumber: numberOf(to), SendDate, PageSize: String(PAGE_SIZE), CurrentPage: '1' };
      const reply = await ask('QuerySendDetails', query, signal);
      const outIds = outIdsOf(reply);
      if (outIds === undefined) return unheardOf(verdictOf(reply, readSaid));
      if (outIds.includes(outId)) return { shown: 'yes', providerRef: `outId:${outId}` };
    }
    return { shown: 'no' };
  }

  return createSmsProvider({ name: 'alibaba-sms', handOver, find }, options);
}

/** Numbers of mainland China as their 11 digits, others as country code and number, without `+`. */
function numberOf(to: string): string {
  return /^\+86\d{11}$/.test(to) ? to.slice(3) : to.slice(1);
}

/** The day of a hand-over, and the next one when it has begun: a message may go out just after midnight. */
function daysOf(atMs: number): Set<string> {
  const dayOf = (ms: number) => new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return new Set([dayOf(atMs), dayOf(Math.min(atMs + DAY_MS, Date.now()))]);
}

function readSaid(answered: Answered): Verdict | undefined {
  const body = said.safeParse(jsonOf(answered)).data;
  if (body === undefined) return undefined;
  if (body.Code !== 'OK') return verdictOfCode(body.Code, CODES, answered);
  return body.BizId === undefined || body.BizId === '' ? undefined : { result: 'accepted', providerRef: body.BizId };
}

function outIdsOf(reply: Answer): readonly (string | null | undefined)[] | undefined {
  if (reply.kind !== 'answered' || reply.status !== 200) return undefined;
  const body = details.safeParse(jsonOf(reply)).data;
  return body && (body.SmsSendDetailDTOs?.SmsSendDetailDTO ?? []).map(({ OutId }) => OutId);
}
