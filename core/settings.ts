/** Every setting, once: config.ts of server, worker and cli read them; docs/operators/settings.md is made from this table. */
export const SETTINGS = {
  HOST: { default: '127.0.0.1', readBy: 'server', meaning: 'Address the API listens on.' },
  PORT: { default: '4180', readBy: 'server', meaning: 'Port the API listens on.' },
  ASSAY_DATA: { default: './data', readBy: 'server, worker', meaning: 'Folder for the store, backups, caches and a spawned Redis.' },
  ASSAY_EXERCISES: { default: './exercises', readBy: 'server, cli', meaning: 'Folder of the exercise library.' },
  ASSAY_RUNTIME: {
    default: 'runc',
    readBy: 'worker, cli',
    meaning:
      "Runtime of the boxes of learners' programs: runc or runsc (gVisor). An exercise may ask for the stronger one, never for the weaker.",
  },
  ASSAY_ACCEPT_OLD_ENGINE: {
    default: '',
    readBy: 'worker',
    meaning:
      '1: the worker starts although engine, runc or containerd are older than their known ways out of a box, and says so at every start.',
  },
  ASSAY_SLOTS: { default: 'cores', readBy: 'worker', meaning: 'Gradings at a time on this worker; by default one per core.' },
  ASSAY_WARM_MEMORY: {
    default: 'a quarter of the memory',
    readBy: 'worker',
    meaning: 'Memory, such as 4g, for boxes that are made before their submissions come; 0: every grading makes its own.',
  },
  ASSAY_STORE_URL: { default: 'sqlite in ASSAY_DATA', readBy: 'server', meaning: 'The store: sqlite:<path>.' },
  REDIS_URL: {
    default: 'spawned',
    readBy: 'server, worker',
    meaning: 'Redis or Valkey ≥ 6.2 with maxmemory-policy noeviction; absent, one is found or started.',
  },
  DOCKER_HOST: { default: 'the local socket', readBy: 'worker', meaning: 'The Docker engine, as the docker command reads it.' },
  ASSAY_URL: { default: 'http://127.0.0.1:4180', readBy: 'worker, cli', meaning: 'Where the API answers.' },
  ASSAY_TOKEN: { default: '', readBy: 'cli', meaning: 'API token of the command line.' },
  ASSAY_WORKER_TOKEN: { default: 'made in ASSAY_DATA', readBy: 'server, worker', meaning: 'Secret that workers show to /internal/v1.' },
  ASSAY_TRUSTED_PROXIES: { default: '', readBy: 'server', meaning: 'Addresses or networks, by commas, whose X-Forwarded-For is believed.' },
  ASSAY_MAX_WAITING: { default: '10000', readBy: 'server', meaning: 'Submissions that may wait; above it 503 with Retry-After.' },
  ASSAY_MIN_FREE_DISK: { default: '512m', readBy: 'server, worker', meaning: 'Free space below which intake stops with 507.' },
  ASSAY_RETENTION_DAYS: {
    default: '365',
    readBy: 'server',
    meaning: 'Days after which the files and events of finished submissions are pruned; the verdict stays.',
  },
  ASSAY_LOG_LEVEL: { default: 'info', readBy: 'server, worker', meaning: 'trace, debug, info, warn, error or silent.' },
} as const

export type SettingName = keyof typeof SETTINGS
