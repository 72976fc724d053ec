import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { PolicyValue } from '../policy-value.ts';

/** Where secrets come from. Policy files name them and never hold them. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The policy file; secret files are found from its folder. */
  readonly policyFile: string;
}

const FORMS = { env: 'TWILIO_AUTH_TOKEN', file: '/run/secrets/twilio' };

/**
 * Reads a secret that is named as `{ env: NAME }`, an environment variable, or `{ file: PATH }`, a file whose text it is
 * but for white space around it. Messages name the place of a secret, never a part of it.
 */
export function readSecret(value: PolicyValue, { env, policyFile }: SecretSources): string | undefined {
  if (!value.isGiven) return undefined;
  const fields = value.fields('a secret', {}, FORMS);
  if (!value.isMap) return undefined;
  if (fields.env.isGiven === fields.file.isGiven) {
    return value.refuse(
      `A secret is named by its variable or by its file: { env: ${FORMS.env} } or { file: ${FORMS.file} }.`,
    );
  }
  if (fields.env.isGiven) {
    const name = fields.env.text();
    if (name === undefined) return undefined;
    return env[name] || fields.env.refuse(`The environment variable ${name} is not set.`);
  }
  const path = fields.file.text();
  if (path === undefined) return undefined;
  try {
    const secret = readFileSync(resolve(dirname(policyFile), path), 'utf8').trim();
    return secret || fields.file.refuse('The file of the secret is empty.');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return fields.file.refuse(`The file of the secret cannot be read${reason}.`);
  }
}
