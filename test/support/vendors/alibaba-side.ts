import {
  type Asked,
  type TakenMessage,
  type VendorAnswer,
  type VendorRequest,
  type VendorSide,
  json,
} from './scripted-vendor.ts';
import { authorizationOf, canonicalRequest, hmac, sha256 } from './signing.ts';

export const ALIBABA = {
  credentials: { accessKeyId: 'LTAI-of-alibaba', accessKeySecret: 'a-secret-of-alibaba' },
  signName: '示例銀行',
};

const SIGNED = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version'];
const QUARTER_HOUR_MS = 15 * 60_000;
const CHINA_OFFSET_MS = 8 * 60 * 60_000;

/** An answer of the SMS API with an error code; its business errors come with the status 200. */
export function alibabaError(status: number, code: string): VendorAnswer {
  return json(status, { Code: code, Message: 'The number 912345678 was refused: 您的帳款', RequestId: 'r-1' });
}

/** Alibaba Cloud's SendSms and QuerySendDetails of 2017-05-25, signed by V3, as their pages describe them. */
export function alibabaSide(): VendorSide {
  const nonces = new Set<string>();

  function read(request: VendorRequest): Asked {
    const wrong = signatureMistake(request) ?? nonceMistake(request.headers['x-acs-signature-nonce'] ?? '');
    if (wrong !== undefined) return { is: 'mistake', answer: alibabaError(...wrong) };
    if (request.method !== 'POST' || request.body !== '') return mistake('InvalidParameter');
    if (request.headers['x-acs-version'] !== '2017-05-25') return mistake('InvalidVersion');
    const query = Object.fromEntries(request.url.searchParams);
    if (request.headers['x-acs-action'] === 'SendSms') return readSend(query);
    if (request.headers['x-acs-action'] === 'QuerySendDetails') return readQuestion(query);
    return mistake('InvalidAction.NotFound');
  }

  function nonceMistake(nonce: string): [number, string] | undefined {
    if (nonce === '' || nonces.has(nonce)) return [400, 'SignatureNonceUsed'];
    nonces.add(nonce);
    return undefined;
  }

  return {
    read,
    refOf: (no) => `${no}^0`,
    accepted: ({ ref }) => json(200, { Code: 'OK', Message: 'OK', BizId: ref, RequestId: 'r-1' }),
  };
}

function signatureMistake(request: VendorRequest): [number, string] | undefined {
  const authorization = authorizationOf(request);
  if (authorization === undefined) return [400, 'IncompleteSignature'];
  const { algorithm, credential, signedHeaders, signature } = authorization;
  if (credential !== ALIBABA.credentials.accessKeyId) return [404, 'InvalidAccessKeyId.NotFound'];
  if (algorithm !== 'ACS3-HMAC-SHA256' || signedHeaders.join() !== SIGNED.join()) return [400, 'IncompleteSignature'];
  if (request.headers['x-acs-content-sha256'] !== sha256(request.body)) return [400, 'SignatureDoesNotMatch'];
  const date = request.headers['x-acs-date'] ?? '';
  const isNow = Math.abs(Date.parse(date) - Date.now()) < QUARTER_HOUR_MS;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) || !isNow) return [400, 'InvalidTimeStamp.Expired'];
  const toSign = `${algorithm}\n${sha256(canonicalRequest(request, signedHeaders))}`;
  const expected = hmac(ALIBABA.credentials.accessKeySecret, toSign).toString('hex');
  return signature === expected ? undefined : [400, 'SignatureDoesNotMatch'];
}

function readSend(query: Record<string, string>): Asked {
  const { PhoneNumbers = '', SignName, TemplateCode, TemplateParam, OutId = '', ...others } = query;
  if (Object.keys(others).length > 0) return mistake('isv.INVALID_PARAMETERS');
  if (SignName !== ALIBABA.signName) return mistake('isv.SMS_SIGNATURE_ILLEGAL', 200);
  if (!/^SMS_\d+$/.test(TemplateCode ?? '')) return mistake('isv.SMS_TEMPLATE_ILLEGAL', 200);
  if (!isNumber(PhoneNumbers)) return mistake('isv.MOBILE_NUMBER_ILLEGAL', 200);
  if (TemplateParam !== undefined && !isJsonOfTexts(TemplateParam)) return mistake('isv.INVALID_JSON_PARAM', 200);
  return { is: 'handOver', key: OutId, to: PhoneNumbers, fields: query };
}

function readQuestion(query: Record<string, string>): Asked {
  const { PhoneNumber = '', SendDate = '', PageSize, CurrentPage, ...others } = query;
  const isWhole = isNumber(PhoneNumber) && /^\d{8}$/.test(SendDate) && CurrentPage === '1';
  if (!isWhole || !(Number(PageSize) >= 1 && Number(PageSize) <= 50) || Object.keys(others).length > 0) {
    return mistake('isv.INVALID_PARAMETERS');
  }
  return {
    is: 'question',
    answer: (shown) => {
      const found = shown.filter(({ to, at }) => to === PhoneNumber && dayInChina(at) === SendDate).map(detailOf);
      const SmsSendDetailDTOs = { SmsSendDetailDTO: found };
      return json(200, { Code: 'OK', Message: 'OK', RequestId: 'r-2', TotalCount: found.length, SmsSendDetailDTOs });
    },
  };
}

function detailOf({ key, to, at, fields }: TakenMessage): object {
  const SendDate = new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
  const { TemplateCode } = fields;
  return { OutId: key, PhoneNum: to, SendDate, SendStatus: 1, Content: '【示例銀行】…', TemplateCode };
}

/** 11 digits of mainland China, or country code and number, without `+`. */
function isNumber(text: string): boolean {
  return /^1\d{10}$/.test(text) || /^(?!86)[2-9]\d{6,14}$/.test(text);
}

function isJsonOfTexts(text: string): boolean {
  return Object.values(JSON.parse(text) as object).every((value) => typeof value === 'string');
}

function dayInChina(at: Date): string {
  return new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

function mistake(code: string, status = 400): Asked {
  return { is: 'mistake', answer: alibabaError(status, code) };
}
