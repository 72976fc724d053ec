/** The versions that are fetched or built, tried together; a `temporal` of the user's own may be newer. */
export const SERVER_VERSION = 'v1.32.1';
export const UI_VERSION = 'v2.54.1';
/** The first CLI whose server is 1.32. */
export const CLI_VERSION = 'v1.9.1';

/** The clock of one workflow can be moved forward from server 1.32 on. */
const OLDEST_MAJOR = 1;
const OLDEST_MINOR = 32;

/** Whether `temporal --version`, such as `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`, tells of a server ≥ 1.32. */
export function isNewEnough(versionLine: string): boolean {
  const [, major, minor] = /Server (\d+)\.(\d+)\./.exec(versionLine) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST_MAJOR || (Number(major) === OLDEST_MAJOR && Number(minor) >= OLDEST_MINOR);
}
