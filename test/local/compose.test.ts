import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DYNAMIC_CONFIG } from '../../local/temporal-config.ts';
import { SERVER_VERSION, UI_VERSION } from '../../local/temporal-versions.ts';

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly ports?: readonly string[] }>>;
  readonly configs: { readonly 'dynamic-config': { readonly content: string } };
}

const file = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as Compose;

describe('docker-compose.yml', () => {
  it('runs the same versions of Temporal as the embedded stack', () => {
    const { services } = compose;
    expect(services['temporal']?.image).toBe(`temporalio/server:${SERVER_VERSION.slice(1)}`);
    expect(services['temporal-schema']?.image).toBe(`temporalio/admin-tools:${SERVER_VERSION.slice(1)}`);
    expect(services['temporal-ui']?.image).toBe(`temporalio/ui:${UI_VERSION.slice(1)}`);
    expect(services['temporal-ui-engineer']?.image).toBe(services['temporal-ui']?.image);
  });

  it('lets the clocks of cases be moved with the same settings as the embedded stack', () => {
    const settings = parse(compose.configs['dynamic-config'].content) as Record<string, [{ value: unknown }]>;
    expect(Object.keys(settings)).toHaveLength(4);
    for (const [key, [{ value }]] of Object.entries(settings)) expect(DYNAMIC_CONFIG[key], key).toBe(value);
  });

  it('opens ports to this machine only, and names the version of every image', () => {
    for (const [name, { image, ports = [] }] of Object.entries(compose.services)) {
      expect(image, name).toMatch(/:[\w.]+$/);
      expect(image, name).not.toContain(':latest');
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
