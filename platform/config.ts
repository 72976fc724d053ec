import { z } from 'zod';
import { DomainError } from '../domain/errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);

/** The environment of `kept serve` and `kept bootstrap`: what each variable means and what it is when it is not set. */
const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s/]+:\d+$/, 'host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('kept'),
  /** Where the API listens. Anything but loopback needs KEPT_API_TOKEN. */
  KEPT_HOST: z.string().min(1).default('127.0.0.1'),
  KEPT_PORT: port.default(8080),
  KEPT_API_TOKEN: z.string().min(24).optional(),
  /** Segment of the address that the gateway posts receipts and replies to; without it nothing takes them. */
  KEPT_GATEWAY_SECRET: z
    .string()
    .regex(/^[\w-]{24,128}$/, '24 to 128 letters, digits, _ and -')
    .optional(),
  KEPT_STRATEGY: z.string().min(1).default('policy/strategies/unsecured-consumer.yaml'),
  /** File that says who delivers which channel: docs/providers.md. Without it the gateway and the mail server do. */
  KEPT_CHANNELS: z.string().min(1).optional(),
  /** Generic HTTP gateway for SMS, push and voice: docs/gateway.md. */
  SMS_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMS_GATEWAY_TOKEN: z.string().default(''),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).default('Kept <collections@example.com>'),
  KEPT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type Config = Readonly<z.infer<typeof environment>>;

/** Where messages go as long as no file says otherwise. */
const DELIVERY = ['SMS_GATEWAY_URL', 'SMTP_URL'];

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads and checks the whole configuration at once.
 * @throws CONFIG_INVALID naming every variable that is missing or wrong; never a value, for it may be a secret.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...(env['KEPT_CHANNELS'] === undefined ? DELIVERY.filter((name) => env[name] === undefined) : []).map(
      (name) => `${name}: needed, unless KEPT_CHANNELS names other providers`,
    ),
  ];
  if (!parsed.success || faults.length > 0) {
    throw new DomainError('CONFIG_INVALID', `The configuration has ${faults.length} faults: ${faults.join('; ')}.`);
  }
  const { KEPT_HOST, KEPT_API_TOKEN } = parsed.data;
  if (!LOOPBACK.has(KEPT_HOST) && KEPT_API_TOKEN === undefined) {
    throw new DomainError('CONFIG_INVALID', `KEPT_API_TOKEN: needed, since KEPT_HOST is not this machine alone.`);
  }
  return parsed.data;
}
