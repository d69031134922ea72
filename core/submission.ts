import { z } from 'zod'

export const SUBMISSION_STATES = ['queued', 'running', 'finished', 'cancelled'] as const
export type SubmissionState = (typeof SUBMISSION_STATES)[number]

/** `run` grades the visible tests only and never counts as an attempt. */
export const MODES = ['run', 'submit'] as const
export type Mode = (typeof MODES)[number]

export const GRADING_REASONS = ['first', 'retry', 'regrade'] as const
export type GradingReason = (typeof GRADING_REASONS)[number]

export const ROLES = ['learner', 'staff', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Path → content, UTF-8 text. Paths are relative, with forward slashes (see files.ts for the rules). */
export type FileMap = Record<string, string>

export const fileMapSchema = z.record(z.string(), z.string())
