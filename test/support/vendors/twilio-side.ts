import {
  type Asked,
  type TakenMessage,
  type VendorAnswer,
  type VendorRequest,
  type VendorSide,
  json,
} from './scripted-vendor.ts';

export const TWILIO = {
  accountSid: `AC${'0'.repeat(32)}`,
  secret: 'a-token-of-twilio',
  messagingServiceSid: `MG${'1'.repeat(32)}`,
};

const PARAMETERS = ['To', 'From', 'MessagingServiceSid', 'Body', 'ContentSid', 'ContentVariables', 'StatusCallback'];
const QUESTION_PARAMETERS = ['To', 'From', 'DateSent', 'DateSent<', 'DateSent>', 'PageSize', 'Page', 'PageToken'];

/** An error of Twilio's REST API. */
export function twilioError(status: number, code: number, headers?: Record<string, string>): VendorAnswer {
  const message = 'The number +886912345678 is not to be reached: 您的帳款';
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
}

/** Twilio's Messages resource, as its API definition describes it. `bodyOf` stands for its content templates. */
export function twilioSide(bodyOf: (contentSid: string) => string = () => ''): VendorSide {
  const path = `/2010-04-01/Accounts/${TWILIO.accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${TWILIO.accountSid}:${TWILIO.secret}`).toString('base64')}`;

  function read(request: VendorRequest): Asked {
    if (request.url.pathname !== path) return mistake(404, 20404);
    if (request.headers['authorization'] !== authorization) return mistake(401, 20003);
    return request.method === 'POST' ? readHandOver(request) : readQuestion(request);
  }

  function readQuestion({ url }: VendorRequest): Asked {
    const { To, PageSize = '50', ...others } = Object.fromEntries(url.searchParams);
    const isKnown = Object.keys(others).every((name) => QUESTION_PARAMETERS.includes(name));
    if (!isKnown || !(Number(PageSize) >= 1 && Number(PageSize) <= 1_000)) return mistake(400, 20001);
    return {
      is: 'question',
      answer: (shown) => {
        const messages = shown.filter(({ to }) => to === To).map(resourceOf);
        return json(200, { messages: messages.slice(0, Number(PageSize)), page: 0, next_page_uri: null });
      },
    };
  }

  function resourceOf({ ref, to, at, fields }: TakenMessage): object {
    const utc = at.toUTCString().replace('GMT', '+0000');
    const { Body, ContentSid = '', From = null, MessagingServiceSid = null } = fields;
    return {
      sid: ref,
      account_sid: TWILIO.accountSid,
      body: Body ?? bodyOf(ContentSid),
      direction: 'outbound-api',
      from: From,
      to,
      messaging_service_sid: MessagingServiceSid,
      status: 'queued',
      date_created: utc,
      date_sent: null,
      error_code: null,
      error_message: null,
    };
  }

  return {
    read,
    refOf: (no) => `SM${String(no).padStart(32, '0')}`,
    accepted: (message) => json(201, resourceOf(message)),
  };
}

function readHandOver(request: VendorRequest): Asked {
  if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') return mistake(400, 20001);
  const fields = Object.fromEntries(new URLSearchParams(request.body));
  const { To = '', From, MessagingServiceSid, Body, ContentSid, ContentVariables, StatusCallback } = fields;
  if (Object.keys(fields).some((name) => !PARAMETERS.includes(name))) return mistake(400, 20001);
  if (!/^\+[1-9]\d{6,14}$/.test(To)) return mistake(400, 21211);
  if (From === undefined && !/^MG[0-9a-f]{32}$/.test(MessagingServiceSid ?? '')) return mistake(400, 21603);
  if (Body === undefined && !/^HX[0-9a-f]{32}$/.test(ContentSid ?? '')) return mistake(400, 21602);
  if ((Body ?? '').length > 1_600) return mistake(400, 21617);
  if (ContentVariables !== undefined && !areVariables(ContentVariables)) return mistake(400, 21656);
  const key = StatusCallback === undefined ? '' : (new URL(StatusCallback).searchParams.get('key') ?? '');
  return { is: 'handOver', key, to: To, fields };
}

/** `{"1": "…", "2": "…"}`. */
function areVariables(text: string): boolean {
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return entries.every(([name, value], index) => name === String(index + 1) && typeof value === 'string');
}

function mistake(status: number, code: number): Asked {
  return { is: 'mistake', answer: twilioError(status, code) };
}
