import { z } from 'zod';
import type { ChannelProvider, OutgoingMessage } from '../ports.ts';
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
import { type TencentCredentials, signTencent } from './tencent-sms-signature.ts';
import { type VendorTemplates, fillTemplate } from './vendor-template.ts';

export interface TencentSmsOptions extends SmsVendorOptions {
  readonly credentials: TencentCredentials;
  /** Such as `ap-guangzhou`. */
  readonly region: string;
  /** Of the SMS application, such as `1400006666`. */
  readonly sdkAppId: string;
  /** The approved signature; mainland China wants one. */
  readonly signName?: string;
  readonly templates: VendorTemplates;
}

const BASE_URL = 'https://sms.tencentcloudapi.com';
const VERSION = '2021-01-11';
/** `SessionContext` has to be shorter than 512 bytes. */
const SESSION_LIMIT_BYTES = 511;
const PULL_LIMIT = 100;
/** A record of a message may carry a time a little before ours. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * @source https://cloud.tencent.com/document/api/382/59177
 * @source https://cloud.tencent.com/document/api/382/52075
 */
const CODES: CodeTable = {
  rejected: {
    'InvalidParameterValue.IncorrectPhoneNumber': 'addressInvalid',
    'FailedOperation.PhoneNumberInBlacklist': 'optedOut',
    'FailedOperation.ContainSensitiveWord': 'FailedOperation.ContainSensitiveWord',
    'InvalidParameterValue.ContentLengthLimit': 'InvalidParameterValue.ContentLengthLimit',
    'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'tencent-urlInParameter',
    'InvalidParameterValue.TemplateParameterFormatError': 'InvalidParameterValue.TemplateParameterFormatError',
    'InvalidParameterValue.TemplateParameterLengthLimit': 'InvalidParameterValue.TemplateParameterLengthLimit',
  },
  throttled: /^(RequestLimitExceeded|LimitExceeded)(\..+)?$/,
  credentials: /^AuthFailure(\..+)?$/,
  doubtful: /^(InternalError(\..+)?|FailedOperation)$/,
};

const failed = z.object({ Response: z.object({ Error: z.object({ Code: z.string() }) }) });
const sent = z.object({
  Response: z.object({ SendStatusSet: z.tuple([z.object({ Code: z.string(), SerialNo: z.string().max(200) })]) }),
});
const pulled = z.object({
  Response: z.object({
    PullSmsSendStatusSet: z
      .array(z.object({ SerialNo: z.string().min(1).max(200), SessionContext: z.string().nullish() }))
      .nullable(),
  }),
});

/**
 * SMS over Tencent Cloud's SendSms. `SessionContext` carries our key; a doubt is settled by
 * PullSmsSendStatusByPhoneNumber, which shows a message once its carrier has reported on it, and its `SessionContext`
 * only after Tencent has switched that on for the account.
 * @source https://cloud.tencent.com/document/api/382/55981
 * @source https://www.tencentcloud.com/document/api/382/40518
 * @throws DomainError CONFIG_INVALID when the base URL is none.
 */
export function createTencentSms(options: TencentSmsOptions): ChannelProvider {
  const endpoint = endpointOf(options.baseUrl ?? BASE_URL, 'tencent-sms');
  const { credentials, region, sdkAppId, signName, templates, timeoutMs } = options;

  function ask(action: string, content: object, signal: AbortSignal): Promise<Answer> {
    const body = JSON.stringify({ SmsSdkAppId: sdkAppId, ...content });
    const request = { endpoint, service: 'sms', action, version: VERSION, region, body, at: new Date() };
    const headers = signTencent(request, credentials);
    return call({ url: endpoint, method: 'POST', headers, body, timeoutMs, signal });
  }

  async function handOver(message: OutgoingMessage, signal: AbortSignal): Promise<Verdict> {
    const { id, values } = fillTemplate(templates, message);
    const content = {
      PhoneNumberSet: [message.to],
      ...(signName === undefined ? {} : { SignName: signName }),
      TemplateId: id,
      TemplateParamSet: values.map(([, value]) => value),
      SessionContext: keyTag(message.key, SESSION_LIMIT_BYTES),
    };
    return verdictOf(await ask('SendSms', content, signal), readSent);
  }

  async function find({ key, to, atMs }: Sought, signal: AbortSignal): Promise<Finding> {
    const BeginTime = Math.floor(atMs / 1000) - CLOCK_SKEW_SECONDS;
    const content = { PhoneNumber: to, BeginTime, Offset: 0, Limit: PULL_LIMIT };
    const reply = await ask('PullSmsSendStatusByPhoneNumber', content, signal);
    const statuses = statusesOf(reply);
    if (statuses === undefined) return unheardOf(verdictOf(reply, readFailed));
    const tag = keyTag(key, SESSION_LIMIT_BYTES);
    const ours = statuses.find(({ SessionContext }) => SessionContext === tag);
    return ours === undefined ? { shown: 'no' } : { shown: 'yes', providerRef: ours.SerialNo };
  }

  return createSmsProvider({ name: 'tencent-sms', handOver, find }, options);
}

function readSent(answered: Answered): Verdict | undefined {
  const [status] = sent.safeParse(jsonOf(answered)).data?.Response.SendStatusSet ?? [];
  if (status === undefined) return readFailed(answered);
  if (status.Code !== 'Ok') return verdictOfCode(status.Code, CODES, answered);
  return status.SerialNo === '' ? undefined : { result: 'accepted', providerRef: status.SerialNo };
}

function readFailed(answered: Answered): Verdict | undefined {
  const code = failed.safeParse(jsonOf(answered)).data?.Response.Error.Code;
  return code === undefined ? undefined : verdictOfCode(code, CODES, answered);
}

function statusesOf(reply: Answer) {
  if (reply.kind !== 'answered' || reply.status !== 200) return undefined;
  const body = pulled.safeParse(jsonOf(reply)).data;
  return body && (body.Response.PullSmsSendStatusSet ?? []);
}
