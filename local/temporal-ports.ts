import { readFile, writeFile } from 'node:fs/promises';
import { freePorts, requireFreePort } from './ports.ts';

/** The frontend and the UI, and seven ports inside the server: gossip of four services, requests to three. */
const COUNT = 9;

export interface TemporalPorts {
  readonly frontend: number;
  readonly ui: number;
  readonly inner: readonly number[];
}

/**
 * Ports that are free now: the ones of last time where the file still names free ones, else new ones. A server that
 * keeps its state also keeps its members' addresses, and with new ones it would look for its dead self for 40 s.
 * @param file where to keep the choice; without it every choice is new
 */
export async function chooseTemporalPorts(file?: string): Promise<TemporalPorts> {
  const last = file === undefined ? [] : await lastChoice(file);
  const chosen = last.length === COUNT && (await areFree(last)) ? last : await freePorts(COUNT);
  if (file !== undefined) await writeFile(file, JSON.stringify(chosen));
  const [frontend = 0, ui = 0, ...inner] = chosen;
  return { frontend, ui, inner };
}

async function lastChoice(file: string): Promise<number[]> {
  try {
    const ports: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(ports) ? ports.filter((port) => Number.isInteger(port)) : [];
  } catch {
    return [];
  }
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  const checks = await Promise.allSettled(ports.map((port) => requireFreePort(port, 'A part of Temporal')));
  return checks.every((check) => check.status === 'fulfilled');
}
