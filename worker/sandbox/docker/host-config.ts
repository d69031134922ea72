import type { ContainerCreateOptions, HostConfig } from 'dockerode'
import { FIXED } from '../../../core/limits.ts'
import type { BoxSpec } from '../sandbox.ts'
import { BOX_USER } from './box-users.ts'
import { seccompProfile } from './seccomp.ts'

const MiB = 1024 * 1024

/** What the spec doesn't say: the image's name in this engine, the engine's architecture, who the box runs as, and whose box it is. */
export type Surroundings = {
  imageRef: string
  architecture: string
  /** A user's number (box-users.ts): the first, where nothing of a learner's runs. */
  user?: number
  /** The AppArmor profile, where the engine's host has loaded ours; without it the engine's own holds, where it has one. */
  appArmor?: string | undefined
  labels: Record<string, string>
}

export type BoxOptions = ContainerCreateOptions & { HostConfig: HostConfig & { CgroupnsMode: 'private' } }

/**
 * A box as the engine is told to make it: the whole container profile, as plain data.
 * MaskedPaths and ReadonlyPaths stay unset: any value would replace the engine's own, longer lists.
 */
export function hostConfig(spec: BoxSpec, { imageRef, architecture, user = BOX_USER, appArmor, labels }: Surroundings): BoxOptions {
  return {
    Image: imageRef,
    User: `${user}:${BOX_USER}`,
    Hostname: 'box',
    WorkingDir: '/work',
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LANG=C.UTF-8', 'HOME=/work'],
    Labels: labels,
    // Everything in and out goes over the box's stdin and stdout.
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    // No interface but a loopback of the box's own; less work for the engine than network mode "none".
    NetworkDisabled: true,
    HostConfig: {
      Runtime: spec.runtime,
      // The image brings an init of its own, which reaps what a program leaves behind: the engine's is one file of the host's in all boxes.
      Init: false,
      CapDrop: ['ALL'],
      SecurityOpt: [
        'no-new-privileges',
        `seccomp=${JSON.stringify(seccompProfile(architecture, spec.runtime))}`,
        ...(appArmor ? [`apparmor=${appArmor}`] : []),
      ],
      ReadonlyRootfs: true,
      Tmpfs: tmpfs(spec, user),
      // No swap: what is above the limit is killed, at the same point on every machine.
      Memory: spec.memoryBytes,
      MemorySwap: spec.memoryBytes,
      NanoCpus: Math.round(spec.processors * 1e9),
      PidsLimit: FIXED.pids,
      Ulimits: [
        ulimit('nofile', 1024),
        ulimit('core', 0),
        ulimit('memlock', 64 * 1024),
        ulimit('msgqueue', 0),
        // Not nproc: it counts a user's processes across all boxes.
      ],
      // One loopback address: whoever listens on "localhost" listens where the box agent connects to.
      Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1', 'net.ipv6.conf.lo.disable_ipv6': '1' },
      IpcMode: 'private',
      CgroupnsMode: 'private',
      ShmSize: Math.min(16 * MiB, spec.memoryBytes / 8),
      // The engine keeps no copy of what a box says.
      LogConfig: { Type: 'none', Config: {} },
      // When the whole machine runs out of memory, a box goes before anything of the host's.
      OomScoreAdj: 1000,
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
    },
  }
}

/** What a box may write to. Its pages count as the box's memory, so each is well below the memory limit: a full one is an error, not a kill. */
function tmpfs(spec: BoxSpec, user: number): Record<string, string> {
  const scratch = Math.min(64 * MiB, Math.floor(spec.memoryBytes / 4))
  const mounts = {
    '/work': mountOptions({ size: scratch, inodes: 10_000, mode: '0700', user }),
    '/tmp': mountOptions({ size: scratch, inodes: 10_000, mode: '1777', user }),
  }
  if (spec.role !== 'database') return mounts
  return { ...mounts, '/pgdata': mountOptions({ size: Math.floor(spec.memoryBytes * 0.75), inodes: 50_000, mode: '0700', user }) }
}

/** Nothing that a box writes can be run as a program of its own; a script handed to its interpreter can. */
function mountOptions({ size, inodes, mode, user }: { size: number; inodes: number; mode: string; user: number }): string {
  return `rw,noexec,nosuid,nodev,size=${size},nr_inodes=${inodes},mode=${mode},uid=${user},gid=${BOX_USER}`
}

const ulimit = (Name: string, value: number) => ({ Name, Soft: value, Hard: value })
