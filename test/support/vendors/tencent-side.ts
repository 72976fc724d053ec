import { z } from 'zod';
import {
  type Asked,
  type TakenMessage,
  type VendorAnswer,
  type VendorRequest,
  type VendorSide,
  json,
} from './scripted-vendor.ts';
import { authorizationOf, canonicalRequest, hmac, sha256 } from './signing.ts';

export const TENCENT = {
  credentials: { secretId: 'AKID-of-tencent', secretKey: 'a-secret-of-tencent' },
  region: 'ap-guangzhou',
  sdkAppId: '1400006666',
  signName: '示例銀行',
};

const FIVE_MINUTES_S = 5 * 60;
const number = z.string().regex(/^\+[1-9]\d{6,14}$/);
const sendSms = z.strictObject({
  PhoneNumberSet: z.array(number).length(1),
  SmsSdkAppId: z.literal(TENCENT.sdkAppId),
  SignName: z.literal(TENCENT.signName).optional(),
  TemplateId: z.string().regex(/^\d+$/),
  TemplateParamSet: z.array(z.string()),
  SessionContext: z.string().refine((text) => Buffer.byteLength(text) < 512),
});
const pullStatus = z.strictObject({
  PhoneNumber: number,
  SmsSdkAppId: z.literal(TENCENT.sdkAppId),
  BeginTime: z.int(),
  Offset: z.literal(0),
  Limit: z.int().min(1).max(100),
});

/** An error of the API itself; all of them come with the status 200. */
export function tencentError(code: string): VendorAnswer {
  return json(200, {
    Response: { Error: { Code: code, Message: 'refused +886912345678: 您的帳款' }, RequestId: 'r-1' },
  });
}

/** SendSms with an error about the one number that it was for. */
export function tencentStatus(code: string): VendorAnswer {
  const status = { SerialNo: '', PhoneNumber: '+886912345678', Fee: 0, SessionContext: '', IsoCode: 'TW' };
  return json(200, { Response: { SendStatusSet: [{ ...status, Code: code, Message: '您的帳款' }], RequestId: 'r-1' } });
}

/**
 * Tencent Cloud's SendSms and PullSmsSendStatusByPhoneNumber of 2021-01-11, signed by TC3, as their pages describe them.
 * @param showsContext whether the account has `SessionContext` switched on in what it pulls.
 */
export function tencentSide({ showsContext } = { showsContext: true }): VendorSide {
  function read(request: VendorRequest): Asked {
    const wrong = signatureMistake(request);
    if (wrong !== undefined) return mistake(wrong);
    const { 'x-tc-version': version, 'x-tc-region': region, 'x-tc-action': action } = request.headers;
    if (version !== '2021-01-11') return mistake('NoSuchVersion');
    if (region !== TENCENT.region) return mistake('UnsupportedRegion');
    if (action === 'SendSms') return readSend(request);
    if (action === 'PullSmsSendStatusByPhoneNumber') return readQuestion(request, showsContext);
    return mistake('InvalidAction');
  }

  return {
    read,
    refOf: (no) => `5000:${no}`,
    accepted: ({ ref, key, to }) => {
      const status = { SerialNo: ref, PhoneNumber: to, Fee: 1, SessionContext: key, IsoCode: 'TW' };
      const SendStatusSet = [{ ...status, Code: 'Ok', Message: 'send success' }];
      return json(200, { Response: { SendStatusSet, RequestId: 'r-1' } });
    },
  };
}

function signatureMistake(request: VendorRequest): string | undefined {
  const authorization = authorizationOf(request);
  if (authorization === undefined) return 'AuthFailure.InvalidAuthorization';
  const { algorithm, credential, signedHeaders, signature } = authorization;
  const [secretId, date = '', service = '', end = ''] = credential.split('/');
  if (secretId !== TENCENT.credentials.secretId) return 'AuthFailure.SecretIdNotFound';
  if (!['content-type', 'host'].every((name) => signedHeaders.includes(name)))
    return 'AuthFailure.InvalidAuthorization';
  const timestamp = Number(request.headers['x-tc-timestamp']);
  if (!(Math.abs(timestamp - Date.now() / 1000) < FIVE_MINUTES_S)) return 'AuthFailure.SignatureExpire';
  if (date !== new Date(timestamp * 1000).toISOString().slice(0, 10)) return 'AuthFailure.SignatureFailure';
  const canonical = canonicalRequest(request, signedHeaders, (_name, value) => value.trim().toLowerCase());
  const toSign = [algorithm, timestamp, `${date}/${service}/${end}`, sha256(canonical)].join('\n');
  const secretDate = hmac(`TC3${TENCENT.credentials.secretKey}`, date);
  const expected = hmac(hmac(hmac(secretDate, 'sms'), 'tc3_request'), toSign).toString('hex');
  return algorithm === 'TC3-HMAC-SHA256' && signature === expected ? undefined : 'AuthFailure.SignatureFailure';
}

function readSend(request: VendorRequest): Asked {
  const body = sendSms.safeParse(JSON.parse(request.body)).data;
  if (body === undefined) return mistake('InvalidParameter');
  const { PhoneNumberSet, SessionContext: key, TemplateId, TemplateParamSet } = body;
  const fields = { TemplateId, TemplateParamSet: TemplateParamSet.join('|'), SignName: body.SignName ?? '' };
  return { is: 'handOver', key, to: PhoneNumberSet[0] ?? '', fields };
}

function readQuestion(request: VendorRequest, showsContext: boolean): Asked {
  const body = pullStatus.safeParse(JSON.parse(request.body)).data;
  if (body === undefined) return mistake('InvalidParameter');
  const isShown = ({ to, at }: TakenMessage) => to === body.PhoneNumber && at.getTime() / 1000 >= body.BeginTime;
  return {
    is: 'question',
    answer: (shown) => {
      const PullSmsSendStatusSet = shown.filter(isShown).map(({ ref, key, to }) => ({
        SerialNo: ref,
        PhoneNumber: to,
        ReportStatus: 'SUCCESS',
        Description: 'DELIVRD',
        SessionContext: showsContext ? key : '',
      }));
      return json(200, { Response: { PullSmsSendStatusSet, RequestId: 'r-2' } });
    },
  };
}

function mistake(code: string): Asked {
  return { is: 'mistake', answer: tencentError(code) };
}
