import { stringify } from 'yaml';
import { LOOPBACK } from './ports.ts';

/** Where the server keeps its state. Memory is the fastest; a file outlives the server. */
export type TemporalStorage = { readonly kind: 'memory' } | { readonly kind: 'file'; readonly file: string };

/** The ports of one server: for each of its four services one for requests and one for gossip. */
export interface ServerPorts {
  readonly frontend: readonly [rpc: number, membership: number];
  readonly history: readonly [rpc: number, membership: number];
  readonly matching: readonly [rpc: number, membership: number];
  readonly worker: readonly [rpc: number, membership: number];
}

/** Far above what one machine can do: the server's own limits are made for clusters that many tenants share. */
const NO_LIMIT = 100_000;

/** Settings that the server and the CLI's development server take alike. */
export const DYNAMIC_CONFIG: Readonly<Record<string, boolean | number | string>> = {
  // The clock of one workflow can be moved forward, and as often as a case of many months needs it.
  'frontend.WorkflowTimeSkippingEnabled': true,
  'frontend.WorkflowTimeSkippingMaxSkipPerSession': NO_LIMIT,
  // A timer fires within 10 ms of its time instead of a second.
  'history.timerProcessorMaxTimeShift': '10ms',
  // A run that continues as new soon after a skip starts at once, not days too late.
  'history.workflowIdReuseMinimalInterval': '0s',
  // New search attributes are known to every part of the server after this time instead of 2 s.
  'system.namespaceCacheRefreshInterval': '200ms',
  // A fast-forward waits by long poll, one for each workflow.
  'frontend.namespaceCount': NO_LIMIT,
  'frontend.rps': NO_LIMIT,
  'frontend.namespaceRPS': NO_LIMIT,
  'frontend.namespaceRPS.visibility': NO_LIMIT,
  'frontend.persistenceMaxQPS': NO_LIMIT,
  'history.rps': NO_LIMIT,
  'history.persistenceMaxQPS': NO_LIMIT,
  'matching.rps': NO_LIMIT,
  'matching.persistenceMaxQPS': NO_LIMIT,
  // A local server tells nobody that it runs.
  'frontend.enableServerVersionCheck': false,
};

/** SQLite in a file: writes go through a log that is flushed at checkpoints, so readers do not wait. */
export const FILE_PRAGMAS = { journal_mode: 'wal', synchronous: 'normal' } as const;

/** The server's main configuration file, as YAML. */
export function serverConfig(ports: ServerPorts, storage: TemporalStorage, dynamicConfigFile: string): string {
  const service = ([grpcPort, membershipPort]: readonly [number, number]) => ({
    rpc: { grpcPort, membershipPort, bindOnIP: LOOPBACK },
  });
  return stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'sqlite',
      visibilityStore: 'sqlite',
      // Measured: more shards only cost on a machine with a few cores (docs/decisions/001-embedded-stack.md).
      numHistoryShards: 1,
      datastores: { sqlite: { sql: sqlStore(storage) } },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services: {
      frontend: service(ports.frontend),
      history: service(ports.history),
      matching: service(ports.matching),
      worker: service(ports.worker),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${LOOPBACK}:${ports.frontend[0]}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
  });
}

/** The server's dynamic configuration file, as YAML. */
export function dynamicConfig(): string {
  return stringify(Object.fromEntries(Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]])));
}

/** The configuration file of the UI, as YAML. */
export function uiConfig(address: string, port: number, namespace: string): string {
  return stringify({
    temporalGrpcAddress: address,
    host: LOOPBACK,
    port,
    enableUi: true,
    defaultNamespace: namespace,
    disableNewsFetch: true,
    hideLogs: true,
    // Without TLS the browser would otherwise drop the cookie that the UI's actions need.
    cors: { cookieInsecure: true, allowOrigins: [`http://${LOOPBACK}:${port}`] },
  });
}

function sqlStore(storage: TemporalStorage): object {
  const attributes =
    storage.kind === 'memory' ? { mode: 'memory', cache: 'shared' } : { mode: 'rwc', setup: 'true', ...FILE_PRAGMAS };
  return {
    pluginName: 'sqlite',
    databaseName: storage.kind === 'memory' ? 'kept' : storage.file,
    connectAddr: 'localhost',
    connectProtocol: 'tcp',
    connectAttributes: attributes,
    maxConns: 1,
    maxIdleConns: 1,
  };
}
