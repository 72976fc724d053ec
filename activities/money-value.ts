import { isCurrency, minorDigitsOf } from '../domain/money.ts';
import type { PolicyValue } from './policy-value.ts';

/** An amount such as `TWD 3,000.00`: its currency is written, so nobody has to know what a minor unit is. */
export function readAmount(amount: PolicyValue, currency: string | undefined): number | undefined {
  if (currency === undefined || !isCurrency(currency)) return undefined;
  const digits = minorDigitsOf(currency);
  return amount.scalar(`an amount in ${currency}`, (value) => {
    const form = /^([A-Z]{3}) (\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
    const [, code, whole = '', fraction = ''] = form.exec(String(value)) ?? [];
    if (code !== currency || fraction.length > digits) return undefined;
    const amountMinor = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'));
    return Number.isSafeInteger(amountMinor) ? amountMinor : undefined;
  });
}
